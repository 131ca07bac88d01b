// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "storage/options.h"
#include "storage/sqlite/engine/connection.h"
#include "storage/sqlite/file/file_lock.h"
#include "storage/stores.h"

namespace ginnel::storage::sqlite {

/// Where an SQLite database is.
struct Location {
  std::string path;    ///< empty for one in memory
  std::string link{};  ///< the symbolic link that led to it, when one did

  bool in_memory() const noexcept { return path.empty(); }
};

/// Reads `sqlite:PATH` or `sqlite::memory:`; a symbolic link stands for the file behind it. Fails
/// with kInvalid for anything else, and for a link that leads to none.
Result<Location> parse_url(std::string_view url);

/// An opened database, its migrations applied: the connection that writes and the right to it.
struct Database {
  /// Before the connection: the lock is let go after the last write.
  std::optional<FileLock> lock;
  Connection connection;
  std::vector<MigrationState> migrations;
  bool is_alone = false;  ///< the disk had no room for the index of the log (Mode::kAlone)
};

/// Opens the database for writing and reading, made where it is missing: folders with mode 0750,
/// the file with 0640. Its journal is a write-ahead log that is synced at every commit and
/// checkpointed by hand only.
///
/// `apply` says whether missing migrations are applied; otherwise they, or a missing file, fail
/// with kInvalid. Fails as open_stores does.
Result<Database> open_database(const Location& location, bool apply);

/// Takes the right to write to a database's file, whose folders are made. Fails as FileLock::take.
Result<FileLock> lock_database(const Location& location);

/// A further connection to an open file, for reading only.
Result<Connection> open_reader(const Location& location);

/// A connection for reading only of a process that does not serve the file, while another may. It
/// takes no lock and changes nothing. Fails with kInvalid when there is no database of ours.
Result<Connection> open_beside(const Location& location);

/// Which migrations the database has, without a change to it or a lock on it. A missing file has
/// none.
Result<std::vector<MigrationState>> look_at_migrations(const Location& location);

}  // namespace ginnel::storage::sqlite
