// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "storage/sqlite/engine/connection.h"

namespace ginnel::storage::sqlite {

/// Has the write-ahead log carry a name of its own: in the row `log` of `sequences`, a random
/// number beside that of the log before. To be done once in each log, within a change. Nothing is
/// done in a database without that table.
///
/// SQLite applies any log that is whole to any file that lies beside it, and so damages a backup
/// that was put in the place of its database. A log begins when the one before is in the file, so
/// a file that belongs to it has its name, or that of the one before.
Result<Done> name_log(Connection& connection);

/// The name of the log as `connection` sees it; 0 when none was ever named.
Result<std::int64_t> log_name(Connection& connection);

/// What a database's file and its log say of one another. Made before SQLite opens them.
class LogCheck final {
 public:
  /// Looks at the file without its log. Fails with kInvalid when the log belongs to no file that is
  /// there, or to one that was never written with a log; also when there is none, but the last
  /// holder of the lock noted that it began one after what the file has.
  static Result<LogCheck> begin(const std::string& path);

  /// Fails with kInvalid when the log is another database's, or of another time than the file, and
  /// has the connection then leave both as they are. It sees them together, and has written
  /// nothing yet.
  ///
  /// It cannot tell a log that no change was named in (of earlier versions, or after its first
  /// change), nor a copy of the file alone that somebody took while the log before was being
  /// copied into it.
  Result<Done> finish(Connection& connection) const;

  /// Names the log that this process began with its migrations; not one that was there before and
  /// has a name: its number has to stay.
  Result<Done> name_begun_log(Connection& connection) const;

 private:
  explicit LogCheck(std::string path) : path_(std::move(path)) {}

  Error foreign(const char* why) const;
  Error vanished() const;

  std::string path_;
  bool has_frames_ = false;
  std::optional<std::int64_t> in_file_;  ///< the name there; 0: the file has none
};

}  // namespace ginnel::storage::sqlite
