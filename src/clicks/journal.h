// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "clicks/journal_backlog.h"
#include "clicks/journal_folder.h"
#include "clicks/journal_room.h"
#include "clicks/journal_writer.h"
#include "clicks/open_segment.h"
#include "clicks/options.h"
#include "clicks/segment.h"
#include "observability/log.h"

namespace ginnel::clicks {

/// What the journal is doing, for the metrics page. Counters count since start.
struct JournalFigures {
  std::uint64_t records = 0;     ///< written
  std::uint64_t bytes = 0;       ///< written
  std::uint64_t dropped = 0;     ///< records that could not be kept, or were lost with their file
  std::uint64_t lost = 0;        ///< the latter: of files that vanished or were changed
  std::uint64_t disk_bytes = 0;  ///< what the files that this process has to ship take now
  std::uint64_t segments = 0;    ///< files now, those below too
  std::uint64_t foreign_segments = 0;     ///< of another database
  std::uint64_t unreadable_segments = 0;  ///< damaged, or of a newer form
  std::uint64_t syncs = 0;
  std::uint64_t sync_failures = 0;
};

/// The clicks that were answered and are not in the database yet, on disk.
///
/// Owns a folder of its own, `<options.folder>/<number>`, by an exclusive flock; one JournalWriter
/// for each core; and a thread, the keeper, that prepares segments ahead, syncs and closes them.
/// What is closed waits in the backlog, together with what earlier processes left: it is read,
/// never appended to. See docs/journal.md.
class Journal final {
 public:
  /// Takes the first folder that nobody holds, and makes one where there is none. `database` is the
  /// id of the database its clicks belong to. `log` must outlive it. Fails with kUnavailable when
  /// the folder cannot be made or written, naming the setting.
  static Result<std::unique_ptr<Journal>> open(const JournalOptions& options,
                                               const std::string& database,
                                               std::size_t cores,
                                               observability::Log& log);
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;
  ~Journal();

  /// The end that core `core` writes to: used on its loop only.
  JournalWriter& writer(std::size_t core) noexcept { return *writers_[core]; }

  /// Every segment there is to ship, the oldest first within a folder: of this process (the live
  /// ones up to what is written), of earlier ones, and of folders nobody holds any more, which are
  /// taken over. From the shipper's thread.
  std::vector<SegmentToShip> segments();

  /// Deletes a segment that is in the database and sealed; one that is damaged before its end is
  /// kept under another name, and its sound records behind the damage are given. From the shipper's
  /// thread.
  std::uint64_t remove(const SegmentToShip& segment) { return backlog_.remove(segment); }

  /// Has its core write to another segment soon, since this one is not in place any more: it is
  /// sealed then. From any thread.
  void give_up(const std::string& path);

  /// Counts records that were written and cannot be stored. From the shipper's thread.
  void lose(std::uint64_t records) noexcept { lost_ += records; }

  /// Ends writing: every writer must have made its last flush. What is written is sealed, so that
  /// `segments` gives it as complete. May be called again.
  void seal();

  /// From any thread.
  JournalFigures figures() const;

  /// Whether its files take less than a quarter of what they may.
  bool has_plenty_of_room() const noexcept { return disk_.bytes < disk_.most / 4; }

  const std::string& folder() const noexcept { return folder_.path(); }

 private:
  Journal(const JournalOptions& options,
          std::string database,
          std::size_t cores,
          JournalFolder folder,
          observability::Log& log);

  void keep();
  void look_after_segments();
  bool holds_folder();
  void give_up_what_vanished();
  void close_full();
  std::optional<Error> prepare_next();
  std::optional<Error> prepare(JournalWriter& writer);
  void sync_written();
  void close(OpenSegment& segment);

  const JournalOptions options_;
  const std::string database_;
  observability::Log& log_;
  JournalFolder folder_;
  bool in_place_ = true;  ///< the keeper's
  DiskUse disk_;
  JournalBacklog backlog_;
  JournalRoom room_;  ///< the keeper's
  std::vector<std::unique_ptr<JournalWriter>> writers_;

  std::atomic<std::uint64_t> syncs_{0};
  std::atomic<std::uint64_t> sync_failures_{0};
  std::atomic<std::uint64_t> lost_{0};

  mutable std::mutex mutex_;  ///< guards the next two; a segment is open or in the backlog
  std::vector<std::unique_ptr<OpenSegment>> open_;
  bool ending_ = false;
  std::condition_variable ended_;
  std::thread keeper_;  ///< last: it uses everything above
};

}  // namespace ginnel::clicks
