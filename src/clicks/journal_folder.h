// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/file_descriptor.h"
#include "base/result.h"
#include "clicks/segment.h"

namespace ginnel::clicks {

/// What a segment that may not be shipped to its end is renamed to: it is kept for people.
inline constexpr char kDamagedSuffix[] = ".damaged";

/// One process' folder of a journal, held by an exclusive flock(2) on its file `lock`: the kernel
/// lets go of it however the process ends.
class JournalFolder final {
 public:
  /// Holds `path`, making it where it is missing (mode 0750). Nothing when somebody holds it, this
  /// process too. Fails with kUnavailable, naming the setting.
  static Result<std::optional<JournalFolder>> hold(const std::string& path);

  /// Holds the first of `parent`/0, /1, ... that can be used and nobody holds. Fails as `hold`.
  static Result<JournalFolder> hold_first(const std::string& parent);

  /// Lets go of a folder, and deletes it when nothing is in it.
  static void let_go(JournalFolder folder);

  /// Whether the file that says so is still the one that is locked: nobody else can hold the
  /// folder.
  bool is_in_place() const;

  const std::string& path() const noexcept { return path_; }

  /// What lies in it. Deletes what was only half made.
  struct Contents {
    std::vector<SegmentToShip> segments;                    ///< sealed; the oldest first
    std::vector<std::pair<std::string, Error>> unreadable;  ///< paths, and why
  };
  Contents contents() const;

 private:
  JournalFolder(std::string path, FileDescriptor lock) noexcept
      : path_(std::move(path)), lock_(std::move(lock)) {}

  std::string path_;
  FileDescriptor lock_;
};

/// The folders of processes in `parent`, whoever holds them.
std::vector<std::string> journal_folders(const std::string& parent);

}  // namespace ginnel::clicks
