// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "base/file_descriptor.h"
#include "base/result.h"
#include "clicks/segment.h"

namespace ginnel::clicks {

/// A segment that one core appends to. Its writer changes `written`; others read it.
struct OpenSegment {
  std::string path;
  SegmentHeader header;
  FileDescriptor file;
  std::atomic<std::uint64_t> written{kSegmentHeaderBytes};  ///< whole records end here
  std::atomic<std::uint64_t> records{0};                    ///< in them
  std::atomic<std::uint64_t> allocated{0};                  ///< bytes the file takes
  std::atomic<std::uint64_t> wanted_bytes{0};  ///< beyond, its writer changes to the next; 0: now
  std::uint64_t synced = kSegmentHeaderBytes;  ///< the keeper's: on disk for sure

  bool empty() const noexcept { return written <= kSegmentHeaderBytes; }
};

/// Makes `<folder>/<id>.clicks` with its header and room for `bytes`. Under that name it exists
/// whole or not at all. Fails with kUnavailable.
Result<std::unique_ptr<OpenSegment>> make_segment(const std::string& folder,
                                                  const std::string& database,
                                                  std::uint64_t bytes);

/// Whether the file of that name is the one that is written, with all of it. True too where that
/// cannot be told.
bool is_in_place(const OpenSegment& segment) noexcept;

/// Gives back the room that was not written and forces the file to the disk. False when the disk
/// refuses.
bool close_segment(OpenSegment& segment) noexcept;

}  // namespace ginnel::clicks
