// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "clicks/journal_writer.h"
#include "clicks/options.h"
#include "clicks/segment.h"
#include "observability/log.h"

namespace ginnel::clicks {

/// What the journal is doing, for the metrics page. Counters count since start.
struct JournalFigures {
  std::uint64_t records = 0;        ///< written
  std::uint64_t bytes = 0;          ///< written
  std::uint64_t dropped = 0;        ///< records that could not be kept: disk full or over the limit
  std::uint64_t disk_bytes = 0;     ///< what its files take now
  std::uint64_t segments = 0;       ///< files now
  std::uint64_t syncs = 0;
  std::uint64_t sync_failures = 0;
};

/// The clicks that were answered and are not in the database yet, on disk.
///
/// Owns a folder of its own, `<options.folder>/<number>`, by an exclusive flock; one JournalWriter
/// for each core; and a thread that prepares segments ahead, syncs and closes them. Segments that
/// are there when it opens are of another life of the process: they are read, never appended to.
class Journal final {
 public:
  /// Takes the first folder that nobody holds, and makes one where there is none. `database` is the
  /// id of the database its clicks belong to. `log` must outlive it. Fails with kUnavailable when
  /// the folder cannot be made or written, naming the setting.
  static Result<std::unique_ptr<Journal>> open(const JournalOptions& options,
                                               const std::string& database,
                                               std::size_t cores,
                                               observability::Log& log);
  virtual ~Journal() = default;

  /// The end that core `core` writes to: used on its loop only.
  virtual JournalWriter& writer(std::size_t core) = 0;

  /// Every segment there is to ship, the oldest first: of this process (the live ones up to what is
  /// written), of earlier ones, and of folders nobody holds any more, which are taken over. From
  /// the shipper's thread.
  virtual std::vector<SegmentToShip> segments() = 0;

  /// Deletes a segment that is in the database and sealed. From the shipper's thread.
  virtual void remove(const SegmentToShip& segment) = 0;

  /// Ends writing: every writer must have made its last flush. What is written is sealed, so that
  /// `segments` gives it as complete.
  virtual void seal() = 0;

  virtual JournalFigures figures() const = 0;
};

}  // namespace ginnel::clicks
