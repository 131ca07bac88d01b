// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <sys/types.h>

#include "base/result.h"

namespace ginnel::storage {

/// The mode of a database file and of those beside it.
inline constexpr mode_t kDatabaseMode = 0640;

/// The right to write to a database file: an flock(2) on `PATH.lock` beside it, held while this
/// lives and let go by the kernel when the process dies. The file holds the holder's process id and
/// stays when the lock is let go.
class FileLock final {
 public:
  /// Takes the lock of the database at `path`. Fails with kConflict when somebody holds it (the
  /// message names the process and what to do), with kInvalid when the lock file cannot be made.
  static Result<FileLock> take(const std::string& path);

  /// The id of the process that holds the lock, or nothing when nobody does. Makes no file. It
  /// looks by taking the lock for a moment, so whoever takes it just then is told of us.
  static std::optional<std::string> holder(const std::string& path);

  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int descriptor) noexcept : descriptor_(descriptor) {}

  int descriptor_ = -1;
};

}  // namespace ginnel::storage
