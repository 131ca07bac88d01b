// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "clicks/journal_folder.h"
#include "clicks/journal_writer.h"
#include "clicks/segment.h"
#include "observability/log.h"

namespace ginnel::clicks {

/// The segments that nobody appends to any more and that are not in the database yet: this
/// process', those of earlier lives of it, and those of folders that nobody holds any more, which
/// it takes over.
///
/// What belongs to another database, or cannot be read, stays where it is and is counted; it is
/// logged when it is first seen. `add`, `segments` and `figures` are for any thread, the rest is
/// for one at a time.
class JournalBacklog final {
 public:
  struct Figures {
    std::size_t segments = 0;    ///< all files, those below too
    std::size_t foreign = 0;     ///< of another database
    std::size_t unreadable = 0;  ///< damaged, or of a newer form
  };

  /// The folders of all processes are in `parent`. `disk` and `log` must outlive it.
  JournalBacklog(std::string parent, std::string database, DiskUse& disk, observability::Log& log)
      : parent_(std::move(parent)), database_(std::move(database)), disk_(disk), log_(log) {}

  /// Takes what earlier lives left in this process' own folder.
  void begin_with(const JournalFolder& own);

  /// Takes over the folders of processes that are gone. Looks each 10 s, however often it is asked.
  void look_for_orphans(std::chrono::steady_clock::time_point now);

  /// A segment of this process, whose file is counted in `disk` already.
  void add(SegmentToShip segment);

  /// The oldest first within a folder.
  std::vector<SegmentToShip> segments() const;

  /// Deletes a segment that is in the database. When records follow a damaged one, which nobody
  /// could store, it is set aside under another name instead, and their number is given. What has
  /// its name and is something else stays. A folder that was taken over is let go of with its last
  /// segment.
  std::uint64_t remove(const SegmentToShip& segment);

  Figures figures() const;

 private:
  bool take(const JournalFolder& folder);
  void look_at(const std::string& folder);
  void forget_vanished(std::set<std::string>& paths);
  bool is_news(std::set<std::string>& known, const std::string& path);
  void set_aside(const SegmentToShip& segment, std::uint64_t records);
  std::vector<JournalFolder> finished_orphans();

  const std::string parent_;
  const std::string database_;
  DiskUse& disk_;
  observability::Log& log_;
  std::string own_;
  std::vector<JournalFolder> orphans_;
  std::set<std::string> refused_;  ///< folders that could not be taken over: logged already
  std::chrono::steady_clock::time_point next_look_{};

  mutable std::mutex mutex_;  ///< guards the rest
  std::vector<SegmentToShip> segments_;
  std::set<std::string> foreign_;     ///< paths
  std::set<std::string> unreadable_;  ///< paths
};

}  // namespace ginnel::clicks
