// SPDX-License-Identifier: MIT
#include "clicks/journal_backlog.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "clicks/segment_check.h"

namespace ginnel::clicks {
namespace {

using namespace std::chrono_literals;

/// How often folders are looked at whose process may be gone.
constexpr auto kOrphanInterval = 10s;

bool is_gone(const std::string& path) {
  std::error_code error;
  return std::filesystem::symlink_status(path, error).type() ==
         std::filesystem::file_type::not_found;
}

}  // namespace

void JournalBacklog::begin_with(const JournalFolder& own) {
  own_ = own.path();
  take(own);
}

void JournalBacklog::look_for_orphans(std::chrono::steady_clock::time_point now) {
  if (now < next_look_) {
    return;
  }
  next_look_ = now + kOrphanInterval;
  forget_vanished(foreign_);
  forget_vanished(unreadable_);
  for (const std::string& path : journal_folders(parent_)) {
    if (path != own_) {
      look_at(path);
    }
  }
}

/// Takes a folder over when nobody holds it and it has something to ship.
void JournalBacklog::look_at(const std::string& folder) {
  auto held = JournalFolder::hold(folder);
  if (!held) {
    if (refused_.insert(folder).second) {
      log_.error("a folder of the journal cannot be taken over",
                 {{"reason", held.error().message}});
    }
    return;
  }
  if (!*held) {
    return;  // somebody has it, or we took it over before
  }
  if (take(**held)) {
    log_.info("taking over the journal of a process that is gone", {{"folder", folder}});
    orphans_.push_back(std::move(**held));
  } else {
    JournalFolder::let_go(std::move(**held));
  }
}

/// Puts the segments of a folder that this process holds among those to ship; false when it has
/// none for this database.
bool JournalBacklog::take(const JournalFolder& folder) {
  JournalFolder::Contents contents = folder.contents();
  for (const auto& [path, error] : contents.unreadable) {
    if (is_news(unreadable_, path)) {
      log_.error("a file of the journal cannot be read; it stays where it is (docs/journal.md)",
                 {{"reason", error.message}, {"detail", error.detail}});
    }
  }
  bool any = false;
  for (SegmentToShip& segment : contents.segments) {
    if (segment.header.database == database_) {
      any = true;
      disk_.bytes.fetch_add(segment.end);
      add(std::move(segment));
    } else if (is_news(foreign_, segment.path)) {
      log_.warn(
          "a file of the journal belongs to another database; it stays where it is: serve that "
          "database with this journal.folder, or delete the file",
          {{"path", segment.path}, {"database", segment.header.database}});
    }
  }
  return any;
}

void JournalBacklog::add(SegmentToShip segment) {
  const std::lock_guard lock(mutex_);
  segments_.push_back(std::move(segment));
}

std::vector<SegmentToShip> JournalBacklog::segments() const {
  const std::lock_guard lock(mutex_);
  return segments_;
}

std::uint64_t JournalBacklog::remove(const SegmentToShip& segment) {
  const auto check = check_segment(segment.path);
  const bool is_ours = check && check->header.id == segment.header.id;
  const bool is_damaged = is_ours && check->ending == SegmentEnding::kDamaged;
  if (is_damaged) {
    set_aside(segment, check->records_behind);
  } else if (is_ours) {
    std::error_code ignored;
    std::filesystem::remove(segment.path, ignored);
  } else if (!is_gone(segment.path)) {
    is_news(unreadable_, segment.path);
  }
  disk_.bytes.fetch_sub(segment.end);
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(segments_, [&](const SegmentToShip& each) { return each.path == segment.path; });
  }
  for (JournalFolder& folder : finished_orphans()) {
    JournalFolder::let_go(std::move(folder));
  }
  return is_damaged ? check->records_behind : 0;
}

void JournalBacklog::set_aside(const SegmentToShip& segment, std::uint64_t records) {
  const std::string name = segment.path + kDamagedSuffix;
  std::error_code error;
  std::filesystem::rename(segment.path, name, error);
  is_news(unreadable_, error ? segment.path : name);
  log_.error("a file of the journal is damaged; it is kept (docs/journal.md)",
             {{"path", name}, {"clicks_not_stored", records}});
}

/// The folders of others that have nothing to ship any more, taken out of `orphans_`.
std::vector<JournalFolder> JournalBacklog::finished_orphans() {
  const auto has_segments = [all = segments()](const JournalFolder& folder) {
    return std::any_of(all.begin(), all.end(), [&](const SegmentToShip& each) {
      return each.path.starts_with(folder.path() + "/");
    });
  };
  const auto first = std::partition(orphans_.begin(), orphans_.end(), has_segments);
  std::vector<JournalFolder> finished(std::make_move_iterator(first),
                                      std::make_move_iterator(orphans_.end()));
  orphans_.erase(first, orphans_.end());
  return finished;
}

/// Notes a path; false when it was known.
bool JournalBacklog::is_news(std::set<std::string>& known, const std::string& path) {
  const std::lock_guard lock(mutex_);
  return known.insert(path).second;
}

/// Counts no file that somebody deleted, or another process took.
void JournalBacklog::forget_vanished(std::set<std::string>& paths) {
  std::set<std::string> vanished;
  {
    const std::lock_guard lock(mutex_);
    vanished = paths;
  }
  std::erase_if(vanished, [](const std::string& path) { return !is_gone(path); });
  const std::lock_guard lock(mutex_);
  std::erase_if(paths, [&](const std::string& path) { return vanished.count(path) > 0; });
}

JournalBacklog::Figures JournalBacklog::figures() const {
  const std::lock_guard lock(mutex_);
  return {
      segments_.size() + foreign_.size() + unreadable_.size(), foreign_.size(), unreadable_.size()};
}

}  // namespace ginnel::clicks
