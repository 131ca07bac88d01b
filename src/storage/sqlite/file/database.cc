// SPDX-License-Identifier: MIT
#include "storage/sqlite/file/database.h"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "base/file_io.h"
#include "domain/timestamp.h"
#include "storage/sqlite/file/log_name.h"
#include "storage/sqlite/file/schema.h"

namespace ginnel::storage::sqlite {

namespace {

constexpr mode_t kFolderMode = 0750;

Error unusable(const std::string& path, const char* what, int code) {
  return Error(ErrorKind::kInvalid,
               path + " " + what + ": " + std::generic_category().message(code));
}

Result<Done> make_folders(const std::filesystem::path& folder) {
  std::error_code ignored;
  if (folder.empty() || std::filesystem::is_directory(folder, ignored)) {
    return Done();
  }
  if (auto done = make_folders(folder.parent_path()); !done) {
    return done;
  }
  if (::mkdir(folder.c_str(), kFolderMode) != 0 && errno != EEXIST) {
    return unusable(folder.string(), "cannot be made", errno);
  }
  return Done();
}

/// SQLite gives the files beside it the mode and the owner of this one.
Result<Done> make_file(const std::string& path) {
  if (!open_or_make(path, path, kDatabaseMode).is_open()) {
    return unusable(path, "cannot be opened for writing", errno);
  }
  return Done();
}

bool file_exists(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

/// The file behind a symbolic link, so that one file has one lock; another path as it is. A link to
/// nothing may lead to a disk that is not mounted: no new database is made there.
Result<Location> behind_link(const std::string& path) {
  std::error_code failed;
  if (!std::filesystem::is_symlink(path, failed)) {
    return Location{path};
  }
  const auto file = std::filesystem::canonical(path, failed);
  if (!failed) {
    return Location{file.string(), path};
  }
  const std::string target = std::filesystem::read_symlink(path, failed).string();
  return Error(ErrorKind::kInvalid,
               path + " is a symbolic link to " + target +
                   ", which is not there: mount its disk or put it back; or name that file itself "
                   "as database.url, to begin or restore it there");
}

Result<Done> configure(Connection& connection) {
  connection.set_busy_timeout(kBusyTimeout);
  return connection.execute(
      "PRAGMA foreign_keys = ON;"
      "PRAGMA synchronous = FULL;"
      "PRAGMA wal_autocheckpoint = 0;"
      "PRAGMA cache_size = -16384;"  // KiB
      "PRAGMA temp_store = MEMORY;"
      "PRAGMA secure_delete = ON;");  // the keys of past days' visitor hashes must be gone
}

Result<Done> use_write_ahead_log(Connection& connection, const std::string& path) {
  auto mode =
      connection.first("PRAGMA journal_mode = WAL", [](const Row& row) { return row.text(0); });
  if (!mode) {
    return std::move(mode).error();
  }
  if (mode->value_or("") != "wal") {
    return Error(ErrorKind::kInvalid,
                 path +
                     " is on a file system without shared memory, which SQLite needs: put it on "
                     "a local disk");
  }
  return Done();
}

Result<std::vector<MigrationState>> migrate(Connection& connection,
                                            bool apply,
                                            const LogCheck& check) {
  auto states = migration_states(connection, all_migrations());
  if (!states || all_applied(*states)) {
    return states;
  }
  if (!apply) {
    return lacks_migrations();
  }
  states = apply_migrations(connection, all_migrations(), domain::now());
  if (!states) {
    return states;
  }
  if (auto named = check.name_begun_log(connection); !named) {
    return std::move(named).error();
  }
  return states;
}

Result<Done> set_up_file(Connection& connection, const std::string& path, const LogCheck& check) {
  if (connection.read_only()) {
    return Error(ErrorKind::kInvalid, path + " cannot be written: check its owner and mode");
  }
  connection.set_busy_timeout(kBusyTimeout);
  if (auto fits = check.finish(connection); !fits) {
    return fits;
  }
  if (auto ours = check_file_is_ours(connection, path); !ours) {
    return ours;
  }
  if (auto done = use_write_ahead_log(connection, path); !done) {
    return done;
  }
  return configure(connection);
}

/// Whether SQLite found no room for the index of the log, which its processes share as a file.
bool lacks_room_for_index(Connection& connection) {
  switch (sqlite3_extended_errcode(connection.handle())) {
    case SQLITE_FULL:
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR_SHMOPEN:
    case SQLITE_IOERR_SHMSIZE:
    case SQLITE_IOERR_SHMMAP:
      return true;
    default:
      return false;
  }
}

struct OpenFile {
  Connection connection;
  bool is_alone = false;
};

/// On a full disk the index is kept in memory: redirects must be answered, and nobody else opens
/// the file until this process ends.
Result<OpenFile> open_for_writing(const std::string& path, const LogCheck& check) {
  auto connection = Connection::open(path, Connection::Mode::kWrite);
  if (!connection) {
    return std::move(connection).error();
  }
  auto done = set_up_file(*connection, path, check);
  const bool is_alone = !done && lacks_room_for_index(*connection);
  if (is_alone) {
    connection = Connection::open(path, Connection::Mode::kAlone);
    if (!connection) {
      return std::move(connection).error();
    }
    done = set_up_file(*connection, path, check);
  }
  if (!done) {
    return std::move(done).error();
  }
  return OpenFile{std::move(*connection), is_alone};
}

/// Nothing where somebody serves the database: its log is in use, and so it fits.
Result<std::optional<LogCheck>> check_unless_served(const std::string& path) {
  if (FileLock::holder(path)) {
    return std::optional<LogCheck>();
  }
  auto check = LogCheck::begin(path);
  if (!check) {
    return std::move(check).error();
  }
  return std::optional<LogCheck>(std::move(*check));
}

Result<Database> open_memory() {
  auto connection = Connection::open({}, Connection::Mode::kMemory);
  if (!connection) {
    return std::move(connection).error();
  }
  if (auto done = configure(*connection); !done) {
    return std::move(done).error();
  }
  auto states = apply_migrations(*connection, all_migrations(), domain::now());
  if (!states) {
    return std::move(states).error();
  }
  return Database{std::nullopt, std::move(*connection), std::move(*states)};
}

Result<Database> open_file(const std::string& path, bool apply) {
  if (!apply && !file_exists(path)) {
    return Error(ErrorKind::kInvalid, path + " does not exist: run `ginnel migrate`");
  }
  auto lock = lock_database(Location{path});
  if (!lock) {
    return std::move(lock).error();
  }
  auto check = LogCheck::begin(path);
  if (!check) {
    return std::move(check).error();
  }
  auto done = make_file(path);
  if (done) {
    done = lock->hold_file();
  }
  if (!done) {
    return std::move(done).error();
  }
  auto opened = open_for_writing(path, *check);
  if (!opened) {
    return std::move(opened).error();
  }
  auto states = migrate(opened->connection, apply, *check);
  if (!states) {
    return std::move(states).error();
  }
  return Database{
      std::move(*lock), std::move(opened->connection), std::move(*states), opened->is_alone};
}

}  // namespace

Result<Location> parse_url(std::string_view url) {
  if (url == kMemoryUrl) {
    return Location();
  }
  const auto path = database_file(url);
  if (!path || path->find('\0') != std::string::npos) {
    return Error(ErrorKind::kInvalid, "the database's URL must be sqlite:PATH or sqlite::memory:");
  }
  std::error_code failed;
  if (std::filesystem::is_directory(*path, failed)) {
    return Error(ErrorKind::kInvalid,
                 *path + " is a folder: name a file in it, as sqlite:" + *path + "/ginnel.db");
  }
  return behind_link(*path);
}

Result<Database> open_database(const Location& location, bool apply) {
  if (location.in_memory()) {
    return open_memory();
  }
  return open_file(location.path, apply);
}

Result<FileLock> lock_database(const Location& location) {
  const auto folder = std::filesystem::path(location.path).parent_path();
  if (auto done = make_folders(folder); !done) {
    return std::move(done).error();
  }
  return FileLock::take(location.path);
}

Result<Connection> open_reader(const Location& location) {
  auto connection = Connection::open(location.path, Connection::Mode::kRead);
  if (connection) {
    connection->set_busy_timeout(kBusyTimeout);
  }
  return connection;
}

Result<Connection> open_beside(const Location& location) {
  if (location.in_memory()) {
    return Error(ErrorKind::kInvalid,
                 "a database in memory is seen by its own process alone: name a file, as in "
                 "--database.url sqlite:PATH");
  }
  if (!file_exists(location.path)) {
    return Error(ErrorKind::kInvalid, location.path + " does not exist");
  }
  auto check = check_unless_served(location.path);
  if (!check) {
    return std::move(check).error();
  }
  auto connection = open_reader(location);
  if (!connection) {
    return connection;
  }
  if (*check) {
    if (auto fits = (*check)->finish(*connection); !fits) {
      return std::move(fits).error();
    }
  }
  if (auto ours = check_file_is_ours(*connection, location.path); !ours) {
    return std::move(ours).error();
  }
  auto mark = connection->number("PRAGMA application_id");
  if (!mark) {
    return std::move(mark).error();
  }
  if (*mark != kApplicationId) {
    return Error(ErrorKind::kInvalid, location.path + " is empty");
  }
  return connection;
}

Result<std::vector<MigrationState>> look_at_migrations(const Location& location) {
  if (location.in_memory() || !file_exists(location.path)) {
    auto empty = Connection::open({}, Connection::Mode::kMemory);
    if (!empty) {
      return std::move(empty).error();
    }
    return migration_states(*empty, all_migrations());
  }
  auto connection = open_reader(location);
  if (!connection) {
    return std::move(connection).error();
  }
  if (auto ours = check_file_is_ours(*connection, location.path); !ours) {
    return std::move(ours).error();
  }
  return migration_states(*connection, all_migrations());
}

}  // namespace ginnel::storage::sqlite
