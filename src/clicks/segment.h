// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "clicks/click_record.h"
#include "domain/timestamp.h"

namespace ginnel::clicks {

/// What stands at the beginning of a segment's file (docs/journal.md).
struct SegmentHeader {
  std::string id;        ///< random: 32 hex digits
  std::string database;  ///< id of the database its clicks belong to: 32 hex digits
  domain::Timestamp created;
};

/// Where the first record of a segment begins.
inline constexpr std::uint64_t kSegmentHeaderBytes = 64;

/// A segment that the shipper may read.
struct SegmentToShip {
  std::string path;
  SegmentHeader header;
  std::uint64_t end = 0;      ///< bytes that are written, as far as is known
  std::uint64_t records = 0;  ///< in it, once it is sealed; not known of an earlier one
  bool sealed = false;        ///< nothing will be appended
  bool earlier = false;       ///< not of this process: its records are not in JournalFigures
};

/// Records that were read from a segment, one after the other. Their texts are views of `bytes`;
/// they stay valid when a part is moved, and a copy's would show the original's bytes, so there is
/// none.
struct SegmentPart {
  SegmentPart() = default;
  SegmentPart(SegmentPart&&) noexcept = default;
  SegmentPart& operator=(SegmentPart&&) noexcept = default;

  std::vector<char> bytes;
  std::vector<ClickRecord> records;
  std::uint64_t next = 0;  ///< where the record after them begins
  bool complete = false;   ///< nothing can be read behind them: the segment ends, or is torn
  bool torn = false;       ///< what follows is not a whole record: its writer was cut off
};

/// A header as it is written.
std::string segment_header_bytes(const SegmentHeader& header);

/// Reads a segment's header. Fails with kInvalid for a file that is none, whose header is damaged,
/// or whose form is newer than this program; with kNotFound where there is nothing, with
/// kUnavailable when it cannot be read.
Result<SegmentHeader> read_segment_header(const std::string& path);

/// As many of `size` bytes of a file as there are from `offset` on; fewer at its end only. Fails
/// with kNotFound where there is nothing, with kInvalid where there is something else than a file,
/// with kUnavailable when it cannot be read.
Result<std::vector<char>> read_bytes(const std::string& path,
                                     std::uint64_t offset,
                                     std::size_t size);

/// Reads at most `limit` records of a segment, beginning at byte `from` (0: at the first one), and
/// none beyond `end`. Fails with kNotFound or kInvalid when the file of that name is not the
/// segment any more, with kUnavailable when it cannot be read now.
Result<SegmentPart> read_part(const SegmentToShip& segment, std::uint64_t from, std::size_t limit);

}  // namespace ginnel::clicks
