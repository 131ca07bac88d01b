// SPDX-License-Identifier: MIT
#include "clicks/journal.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <new>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "base/thread.h"

namespace ginnel::clicks {
namespace {

/// How often the keeper looks when it has nothing to sync.
constexpr std::chrono::milliseconds kKeeperInterval{50};

constexpr std::uint64_t kLeastSegmentBytes = 4'096;

/// With segments so small that two for each core take half of the limit: the other half is for
/// those that wait.
JournalOptions fitted(JournalOptions options, std::size_t cores) {
  const std::uint64_t share = options.max_bytes / (4 * std::max<std::size_t>(cores, 1));
  options.segment_bytes = std::min(options.segment_bytes, std::max(share, kLeastSegmentBytes));
  return options;
}

SegmentToShip to_ship(const OpenSegment& segment) {
  SegmentToShip form;
  form.path = segment.path;
  form.header = segment.header;
  form.end = segment.written.load(std::memory_order_acquire);
  form.records = segment.records.load(std::memory_order_relaxed);
  return form;
}

}  // namespace

Result<std::unique_ptr<Journal>> Journal::open(const JournalOptions& options,
                                               const std::string& database,
                                               std::size_t cores,
                                               observability::Log& log) {
  auto folder = JournalFolder::hold_first(options.folder);
  if (!folder) {
    return std::move(folder).error();
  }
  return std::unique_ptr<Journal>(new Journal(options, database, cores, std::move(*folder), log));
}

Journal::Journal(const JournalOptions& options,
                 std::string database,
                 std::size_t cores,
                 JournalFolder folder,
                 observability::Log& log)
    : options_(fitted(options, cores)),
      database_(std::move(database)),
      log_(log),
      folder_(std::move(folder)),
      disk_(options.max_bytes),
      backlog_(options.folder, database_, disk_, log),
      room_(log) {
  backlog_.begin_with(folder_);
  for (std::size_t core = 0; core < cores; ++core) {
    writers_.push_back(std::make_unique<JournalWriter>(options_, disk_));
  }
  room_.note(prepare_next(), 0, 0);
  keeper_ = std::thread([this] { keep(); });
}

Journal::~Journal() {
  seal();
}

void Journal::keep() {
  describe_thread("ginnel-journal", Standing::kBehind);
  const auto interval =
      options_.sync == SyncPolicy::kInterval ? options_.sync_interval : kKeeperInterval;
  std::unique_lock lock(mutex_);
  while (!ended_.wait_for(lock, interval, [this] { return ending_; })) {
    lock.unlock();
    try {
      look_after_segments();
    } catch (const std::bad_alloc&) {
      // the next time may find memory
    }
    lock.lock();
  }
}

void Journal::look_after_segments() {
  if (holds_folder()) {
    give_up_what_vanished();
  }
  close_full();
  const std::optional<Error> fault = prepare_next();
  const JournalFigures now = figures();
  room_.note(fault, now.records, now.dropped - now.lost);
  if (options_.sync == SyncPolicy::kInterval) {
    sync_written();
  }
}

/// Whoever moves or deletes the folder, or the file in it that says that it is held, lets another
/// process take it. It may be put back: until then what is open is written on, and nothing new is
/// made. Whoever watches the lock (Stores::watch) has changes refused meanwhile.
bool Journal::holds_folder() {
  const bool was_in_place = std::exchange(in_place_, folder_.is_in_place());
  if (was_in_place && !in_place_) {
    log_.error("the journal's folder, or its lock, was moved or deleted",
               {{"path", folder_.path()}, {"cure", "put it back, or restart the server"}});
  } else if (!was_in_place && in_place_) {
    log_.info("the journal's folder is back", {{"path", folder_.path()}});
  }
  return in_place_;
}

void Journal::give_up(const std::string& path) {
  const std::lock_guard lock(mutex_);
  for (const auto& segment : open_) {
    if (segment->path == path && segment->wanted_bytes.exchange(0) != 0) {
      log_.error("a file of the journal was deleted, moved or changed while it was written",
                 {{"path", path}});
    }
  }
}

/// What is written to a file without a name nobody can read. A prepared segment is made anew, one
/// in use is left for the next by its core.
void Journal::give_up_what_vanished() {
  std::vector<std::string> paths;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& segment : open_) {
      if (segment->wanted_bytes != 0 && !is_in_place(*segment)) {
        paths.push_back(segment->path);
      }
    }
  }
  for (const std::string& path : paths) {
    give_up(path);
  }
  for (std::size_t core = 0; core < writers_.size() && !paths.empty(); ++core) {
    OpenSegment* next = writers_[core]->take_next();
    if (next != nullptr && next->wanted_bytes == 0) {
      close(*next);
    } else if (next != nullptr) {
      writers_[core]->give_next(*next);
    }
  }
}

void Journal::close_full() {
  for (const auto& writer : writers_) {
    if (OpenSegment* full = writer->take_full()) {
      close(*full);
    }
  }
}

/// Has the next segment of every core ready before the present one is full. Gives why that was not
/// possible for one of them.
std::optional<Error> Journal::prepare_next() {
  std::optional<Error> fault;
  for (const auto& writer : writers_) {
    if (writer->wants_next()) {
      if (auto failed = prepare(*writer)) {
        fault = std::move(failed);
      }
    }
  }
  return fault;
}

std::optional<Error> Journal::prepare(JournalWriter& writer) {
  if (!disk_.take(options_.segment_bytes)) {
    return Error(ErrorKind::kUnavailable, "The journal may take no more disk (journal.max_bytes)");
  }
  auto made = make_segment(folder_.path(), database_, options_.segment_bytes);
  if (!made) {
    disk_.bytes.fetch_sub(options_.segment_bytes);
    return std::move(made).error();
  }
  OpenSegment& segment = **made;
  {
    const std::lock_guard lock(mutex_);
    open_.push_back(std::move(*made));
  }
  writer.give_next(segment);
  return std::nullopt;
}

/// Forces what was written since the last time to the disk.
void Journal::sync_written() {
  std::vector<OpenSegment*> segments;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& segment : open_) {
      segments.push_back(segment.get());  // only this thread ends them
    }
  }
  for (OpenSegment* segment : segments) {
    const std::uint64_t written = segment->written.load(std::memory_order_acquire);
    if (written == segment->synced) {
      continue;
    }
    if (::fdatasync(segment->file.number()) == 0) {
      segment->synced = written;
      ++syncs_;
    } else {
      ++sync_failures_;
    }
  }
}

/// Ends a segment: on disk, without the room it did not need, or gone when nothing is in it.
void Journal::close(OpenSegment& segment) {
  const std::uint64_t allocated = segment.allocated;
  if (segment.empty()) {
    if (is_in_place(segment)) {
      std::error_code ignored;
      std::filesystem::remove(segment.path, ignored);
    }
    disk_.bytes.fetch_sub(allocated);
  } else {
    ++(close_segment(segment) ? syncs_ : sync_failures_);
    disk_.bytes.fetch_sub(allocated - segment.allocated);
  }
  const std::lock_guard lock(mutex_);
  if (!segment.empty()) {
    SegmentToShip closed = to_ship(segment);
    closed.sealed = true;
    backlog_.add(std::move(closed));
  }
  std::erase_if(open_, [&segment](const auto& each) { return each.get() == &segment; });
}

void Journal::seal() {
  if (!keeper_.joinable()) {
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  ended_.notify_one();
  keeper_.join();
  for (const auto& writer : writers_) {
    for (OpenSegment* segment :
         {writer->take_full(), writer->take_current(), writer->take_next()}) {
      if (segment != nullptr) {
        close(*segment);
      }
    }
  }
}

std::vector<SegmentToShip> Journal::segments() {
  backlog_.look_for_orphans(std::chrono::steady_clock::now());
  const std::lock_guard lock(mutex_);
  std::vector<SegmentToShip> all = backlog_.segments();
  for (const auto& segment : open_) {
    if (!segment->empty()) {
      all.push_back(to_ship(*segment));
    }
  }
  return all;
}

JournalFigures Journal::figures() const {
  JournalFigures figures;
  for (const auto& writer : writers_) {
    figures.records += writer->records();
    figures.bytes += writer->bytes();
    figures.dropped += writer->dropped();
    figures.syncs += writer->syncs();
    figures.sync_failures += writer->sync_failures();
  }
  figures.lost = lost_;
  figures.dropped += figures.lost;
  figures.syncs += syncs_;
  figures.sync_failures += sync_failures_;
  figures.disk_bytes = disk_.bytes.load();
  const JournalBacklog::Figures backlog = backlog_.figures();
  figures.segments = backlog.segments;
  figures.foreign_segments = backlog.foreign;
  figures.unreadable_segments = backlog.unreadable;
  const std::lock_guard lock(mutex_);
  figures.segments += open_.size();
  return figures;
}

}  // namespace ginnel::clicks
