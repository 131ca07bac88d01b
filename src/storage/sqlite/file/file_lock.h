// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <utility>

#include "base/file_descriptor.h"
#include "base/result.h"

namespace ginnel::storage::sqlite {

/// The mode of a database file and of those beside it.
inline constexpr mode_t kDatabaseMode = 0640;

/// The right to write to a database file, held while this lives and let go by the kernel when the
/// process dies. Two locks make it: an flock(2) on `PATH.lock` beside the database, which has the
/// holder's process id, what it announced and the name of its log, a line each, and stays when the
/// lock is let go; and
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

  /// Writes down the name of the log that changes are in from now on (log_name.h); 0 for none. It
  /// stays when the lock is let go. From any thread.
  void note_log(std::int64_t name);

  /// The name that was noted last; 0 when none was.
  static std::int64_t noted_log(const std::string& path);

  /// The id of the process that holds the lock (`unknown` when its lock file is gone), or nothing
  /// when nobody does. Makes no file. It looks by taking the lock for a moment, so whoever takes it
  /// just then is told of us. Not for a process that has the database open: it opens and closes it.
  static std::optional<std::string> holder(const std::string& path);

  /// What the last holder announced; empty when that was nothing. Mind whether there is a holder.
  static std::string announced(const std::string& path);

  /// Whether somebody holds the file itself that is at `path`. Opens and closes it too.
  static bool is_file_held(const std::string& path);

 private:
  /// What the lock file says beside the holder's process id.
  struct Notes {
    std::mutex mutex;  ///< guards what follows and the file
    std::string announced;
    std::int64_t log = 0;
  };

  FileLock(std::string path, FileDescriptor lock)
      : path_(std::move(path)), lock_(std::move(lock)), notes_(std::make_unique<Notes>()) {}

  void write_notes() const;

  std::string path_;
  FileDescriptor lock_;
  std::unique_ptr<Notes> notes_;
  FileDescriptor file_;  ///< closing it ends SQLite's own locks: not before its connections end
};

}  // namespace ginnel::storage::sqlite
