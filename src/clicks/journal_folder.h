// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "clicks/descriptor.h"
#include "clicks/segment.h"

namespace ginnel::clicks {

/// One process' folder of a journal, held by an exclusive flock(2) on its file `lock`: the kernel
/// lets go of it however the process ends.
class JournalFolder final {
 public:
  /// Holds `path`, making it where it is missing (mode 0750). Nothing when another process holds
  /// it. Fails with kUnavailable, naming the setting.
  static Result<std::optional<JournalFolder>> hold(const std::string& path);

  /// Holds the first of `parent`/0, /1, ... that nobody holds. Fails as `hold`.
  static Result<JournalFolder> hold_first(const std::string& parent);

  const std::string& path() const noexcept { return path_; }

  /// What lies in it, the oldest first. Deletes what was only half made. A file that is no sound
  /// segment is in `unreadable`, and stays.
  struct Contents {
    std::vector<SegmentToShip> segments;
    std::vector<Error> unreadable;
  };
  Contents contents() const;

 private:
  JournalFolder(std::string path, Descriptor lock) noexcept
      : path_(std::move(path)), lock_(std::move(lock)) {}

  std::string path_;
  Descriptor lock_;
};

/// The folders of processes in `parent`, whoever holds them.
std::vector<std::string> journal_folders(const std::string& parent);

}  // namespace ginnel::clicks
