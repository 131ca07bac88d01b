// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <utility>

#include "base/file_descriptor.h"
#include "base/result.h"

namespace ginnel::storage {

/// The mode of a database file and of those beside it.
inline constexpr mode_t kDatabaseMode = 0640;

/// The right to write to a database file, held while this lives and let go by the kernel when the
/// process dies. Two locks make it: an flock(2) on `PATH.lock` beside the database, which has the
/// holder's process id and what it announced, a line each, and stays when the lock is let go; and
/// one on the database's file itself (fcntl(2), of an open file description), for the lock file may
/// be deleted. The latter lies behind every byte that SQLite locks.
class FileLock final {
 public:
  /// Takes the lock of the database at `path`, whether it is there or not. Fails with kConflict
  /// when somebody holds it (the message names the process and what to do, `detail` is what it
  /// announced), with kInvalid when the lock file cannot be made.
  static Result<FileLock> take(const std::string& path);

  /// Locks the database's file too, when it was made after `take`. Fails as that.
  Result<Done> hold_file();

  /// Writes down where the holder, which serves the database, is asked.
  void announce(std::string_view url);

  /// The id of the process that holds the lock (`unknown` when its lock file is gone), or nothing
  /// when nobody does. Makes no file. It looks by taking the lock for a moment, so whoever takes it
  /// just then is told of us. Not for a process that has the database open: it opens and closes it.
  static std::optional<std::string> holder(const std::string& path);

  /// What the last holder announced; empty when that was nothing. Mind whether there is a holder.
  static std::string announced(const std::string& path);

  /// Whether somebody holds the file itself that is at `path`. Opens and closes it too.
  static bool is_file_held(const std::string& path);

 private:
  FileLock(std::string path, FileDescriptor lock)
      : path_(std::move(path)), lock_(std::move(lock)) {}

  std::string path_;
  FileDescriptor lock_;
  FileDescriptor file_;  ///< closing it ends SQLite's own locks: not before its connections end
};

}  // namespace ginnel::storage
