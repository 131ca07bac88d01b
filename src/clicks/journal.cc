// SPDX-License-Identifier: MIT
#include "clicks/journal.h"

#include <algorithm>
#include <filesystem>
#include <pthread.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace ginnel::clicks {
namespace {

using namespace std::chrono_literals;

/// How often folders are looked at whose process may be gone.
constexpr auto kOrphanInterval = 10s;

/// How often the keeper looks when it has nothing to sync.
constexpr std::chrono::milliseconds kKeeperInterval{50};

void delete_file(const std::string& path) {
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
}

SegmentToShip closed_form(const OpenSegment& segment) {
  return {
      segment.path, segment.header, segment.written.load(std::memory_order_acquire), true, false};
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
    : options_(options), database_(std::move(database)), folder_(std::move(folder)), log_(log) {
  disk_.most = options.max_bytes;
  take_over(folder_);
  for (std::size_t core = 0; core < cores; ++core) {
    writers_.push_back(std::make_unique<JournalWriter>(options_, disk_));
  }
  prepare_next();
  keeper_ = std::thread([this] { keep(); });
  pthread_setname_np(keeper_.native_handle(), "ginnel-journal");
}

Journal::~Journal() {
  seal();
}

// The keeper --------------------------------------------------------------------------------------

void Journal::keep() {
  const auto interval =
      options_.sync == SyncPolicy::kInterval ? options_.sync_interval : kKeeperInterval;
  std::unique_lock lock(mutex_);
  while (!ended_.wait_for(lock, interval, [this] { return ending_; })) {
    lock.unlock();
    close_full();
    prepare_next();
    if (options_.sync == SyncPolicy::kInterval) {
      sync_written();
    }
    lock.lock();
  }
}

/// Has the next segment of every core ready before the present one is full.
void Journal::prepare_next() {
  for (const auto& writer : writers_) {
    if (!writer->wants_next()) {
      continue;
    }
    if (disk_.bytes.load() + options_.segment_bytes > disk_.most) {
      const Error full(ErrorKind::kUnavailable,
                       "The journal may take no more disk (journal.max_bytes)");
      note_room(&full);
      continue;
    }
    auto segment = make_segment(folder_.path(), database_, options_.segment_bytes);
    if (!segment) {
      note_room(&segment.error());
      continue;
    }
    note_room(nullptr);
    disk_.bytes.fetch_add(options_.segment_bytes);
    OpenSegment& made = **segment;
    {
      const std::lock_guard lock(mutex_);
      open_.push_back(std::move(*segment));
    }
    writer->give_next(made);
  }
}

/// Logs when room runs out and when there is some again, not every time in between.
void Journal::note_room(const Error* error) {
  if (error != nullptr && !std::exchange(no_room_, true)) {
    dropped_before_ = figures().dropped;
    log_.error("the journal has no room: clicks will be answered and not kept",
               {{"reason", error->message}, {"detail", error->detail}});
  }
  if (error == nullptr && std::exchange(no_room_, false)) {
    log_.warn("the journal has room again", {{"not_kept", figures().dropped - dropped_before_}});
  }
}

void Journal::close_full() {
  for (const auto& writer : writers_) {
    if (OpenSegment* full = writer->take_full()) {
      close(*full);
    }
  }
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
  if (!segment.empty() && !close_segment(segment)) {
    ++sync_failures_;
  }
  const std::lock_guard lock(mutex_);
  if (segment.empty()) {
    delete_file(segment.path);
    disk_.bytes.fetch_sub(allocated);
  } else {
    disk_.bytes.fetch_sub(allocated - std::min<std::uint64_t>(allocated, segment.allocated));
    closed_.push_back(closed_form(segment));
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

// The shipper -------------------------------------------------------------------------------------

std::vector<SegmentToShip> Journal::segments() {
  take_over_orphans();
  const std::lock_guard lock(mutex_);
  std::vector<SegmentToShip> all = closed_;
  for (const auto& segment : open_) {
    if (!segment->empty()) {
      all.push_back(closed_form(*segment));
      all.back().sealed = false;
    }
  }
  return all;
}

void Journal::remove(const SegmentToShip& segment) {
  delete_file(segment.path);
  disk_.bytes.fetch_sub(segment.end);
  const std::lock_guard lock(mutex_);
  std::erase_if(closed_, [&](const SegmentToShip& each) { return each.path == segment.path; });
  std::erase_if(orphans_, [&](const JournalFolder& folder) {
    return std::none_of(closed_.begin(), closed_.end(), [&](const SegmentToShip& each) {
      return each.path.starts_with(folder.path() + "/");
    });
  });
}

/// Puts the segments of a folder that this process holds among those to ship; false when none of
/// them is of this database.
bool Journal::take_over(const JournalFolder& folder) {
  JournalFolder::Contents contents = folder.contents();
  for (const Error& error : contents.unreadable) {
    log_.error("a file of the journal cannot be read; it stays where it is",
               {{"reason", error.message}, {"detail", error.detail}});
  }
  const std::lock_guard lock(mutex_);
  bool any = false;
  for (SegmentToShip& segment : contents.segments) {
    if (segment.header.database == database_) {
      any = true;
      disk_.bytes.fetch_add(segment.end);
      closed_.push_back(std::move(segment));
    } else if (foreign_.insert(segment.path).second) {
      log_.warn(
          "a file of the journal belongs to another database; it stays where it is: serve "
          "that database with this journal.folder, or delete the file",
          {{"path", segment.path}, {"database", segment.header.database}});
    }
  }
  return any;
}

void Journal::take_over_orphans() {
  const auto now = std::chrono::steady_clock::now();
  if (looked_for_orphans_.time_since_epoch().count() != 0 &&
      now - looked_for_orphans_ < kOrphanInterval) {
    return;
  }
  looked_for_orphans_ = now;
  for (const std::string& path : journal_folders(options_.folder)) {
    if (path == folder_.path()) {
      continue;
    }
    auto held = JournalFolder::hold(path);  // fails for those this process holds, too
    if (!held || !*held || !take_over(**held)) {
      continue;
    }
    log_.info("taking over the journal of a process that is gone", {{"folder", path}});
    const std::lock_guard lock(mutex_);
    orphans_.push_back(std::move(**held));
  }
}

JournalFigures Journal::figures() const {
  JournalFigures figures;
  for (const auto& writer : writers_) {
    figures.records += writer->records();
    figures.bytes += writer->bytes();
    figures.dropped += writer->dropped();
  }
  figures.disk_bytes = disk_.bytes.load();
  figures.syncs = syncs_;
  figures.sync_failures = sync_failures_;
  const std::lock_guard lock(mutex_);
  figures.segments = open_.size() + closed_.size() + foreign_.size();
  figures.foreign_segments = foreign_.size();
  return figures;
}

}  // namespace ginnel::clicks
