// SPDX-License-Identifier: MIT
#include "storage/sqlite/sqlite_backup.h"

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <sys/types.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "base/file_error.h"
#include "storage/sqlite/file_lock.h"
#include "storage/sqlite/sqlite_schema.h"

namespace ginnel::storage {

namespace {

namespace fs = std::filesystem;

bool file_exists(const std::string& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

bool same_file(const std::string& one, const std::string& other) {
  std::error_code failed;
  return fs::equivalent(one, other, failed);
}

/// Copies every page in one step, so in one read transaction of `from`: page by page it would have
/// to begin anew with each change that another process makes. The code is SQLite's.
int copy_pages(SqliteConnection& from, SqliteConnection& to) {
  sqlite3_backup* copying = sqlite3_backup_init(to.handle(), "main", from.handle(), "main");
  if (copying == nullptr) {
    return sqlite3_errcode(to.handle());
  }
  const int stepped = sqlite3_backup_step(copying, -1);
  const int finished = sqlite3_backup_finish(copying);
  return finished != SQLITE_OK || stepped == SQLITE_DONE ? finished : stepped;
}

/// The keys of visitor hashes live for two days and a backup for years. Databases of before the
/// second migration have none.
Result<Done> forget_keys(SqliteConnection& copy) {
  auto keys = copy.exists("SELECT 1 FROM sqlite_schema WHERE name = 'visitor_salts'");
  if (!keys) {
    return std::move(keys).error();
  }
  return *keys ? copy.execute("DELETE FROM visitor_salts") : Done();
}

Result<Done> check(SqliteConnection& copy, const std::string& from) {
  const auto text = [](const SqliteRow& row) { return row.text(0); };
  auto found = copy.first("PRAGMA integrity_check(1)", text);
  if (!found) {
    return std::move(found).error();
  }
  if (found->value_or("") != "ok") {
    return Error(ErrorKind::kInternal, from + " is damaged: " + found->value_or("no answer"));
  }
  return Done();
}

/// Fills the copy with what `from` shows, as a file that needs no log beside it. Its WholeFile
/// forces it to the disk, so that SQLite need not, and no journal with the keys is written there.
Result<Done> fill(SqliteConnection& copy, SqliteConnection& from, const CopiedDatabase& names) {
  constexpr const char* kWithoutJournal =
      "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA secure_delete = ON;";
  if (auto done = copy.execute(kWithoutJournal); !done) {
    return done;
  }
  if (const int code = copy_pages(from, copy); code != SQLITE_OK) {
    return Error(ErrorKind::kUnavailable,
                 "cannot copy " + names.from + " to " + names.to + ": " + sqlite3_errstr(code));
  }
  // The header that was copied speaks of a write-ahead log.
  auto done = copy.execute("PRAGMA journal_mode = DELETE; PRAGMA journal_mode = MEMORY;");
  return done ? forget_keys(copy) : std::move(done);
}

Result<CopiedDatabase> copy_into(const WholeFile& file,
                                 SqliteConnection& from,
                                 CopiedDatabase copied) {
  auto copy = SqliteConnection::open(file.partial_path(), SqliteConnection::Mode::kWrite);
  if (!copy) {
    return std::move(copy).error();
  }
  auto done = fill(*copy, from, copied);
  if (done) {
    done = check(*copy, copied.from);
  }
  if (!done) {
    return std::move(done).error();
  }
  auto links = copy->number("SELECT count(*) FROM links");
  if (!links) {
    return std::move(links).error();
  }
  std::error_code failed;
  copied.links = static_cast<std::uint64_t>(*links);
  copied.bytes = fs::file_size(file.partial_path(), failed);
  return copied;
}

Result<Done> check_target(const SqliteLocation& location,
                          const std::string& path,
                          WholeFile::IfThere if_there) {
  std::error_code failed;
  if (fs::is_directory(path, failed)) {
    return Error(ErrorKind::kInvalid, path + " is a folder: name a file in it");
  }
  if (same_file(path, location.path)) {
    return Error(ErrorKind::kInvalid, path + " is the database itself: name another file");
  }
  // A log beside it would be taken for the new file's.
  if (file_exists(path + "-wal")) {
    return Error(ErrorKind::kConflict, path + " is a database in use: name another file");
  }
  if (if_there == WholeFile::IfThere::kRefuse && file_exists(path)) {
    return Error(ErrorKind::kConflict, path + " is there already: --force replaces it");
  }
  return Done();
}

/// Ends the log of a database that nobody serves, so that its file alone is the whole. One that is
/// damaged, or not ours, is left as it is.
void end_log(const std::string& path) {
  if (!open_sqlite_beside(SqliteLocation{path})) {
    return;
  }
  auto connection = SqliteConnection::open(path, SqliteConnection::Mode::kWrite);
  if (connection) {
    connection->set_busy_timeout(kSqliteBusyTimeout);
    static_cast<void>(connection->execute("PRAGMA wal_checkpoint(TRUNCATE)"));
  }
}

/// Gives the file at `path`, and what of a log could not be ended, a second name, and gives that.
/// The first name stays the file's until it is another's.
Result<std::string> keep_beside(const std::string& path, domain::Timestamp at) {
  std::string time = domain::to_text(std::chrono::floor<std::chrono::seconds>(at)) + 'Z';
  std::erase(time, '-');
  std::erase(time, ':');
  std::string kept = path + ".replaced-" + time;
  end_log(path);
  if (::link(path.c_str(), kept.c_str()) != 0) {
    return file_error("keep " + path + " as " + kept, errno);
  }
  for (const char* beside : {"-wal", "-shm"}) {
    if (file_exists(path + beside) &&
        ::rename((path + beside).c_str(), (kept + beside).c_str()) != 0) {
      return file_error("keep " + path + beside, errno);
    }
  }
  return kept;
}

Result<SqliteConnection> open_backup(const std::string& path) {
  auto backup = open_sqlite_beside(SqliteLocation{path});
  if (!backup) {
    return backup;
  }
  auto states = migration_states(*backup, sqlite_migrations());
  if (!states) {
    return std::move(states).error();
  }
  return backup;
}

}  // namespace

Result<CopiedDatabase> back_up_sqlite(const SqliteLocation& location,
                                      const std::string& path,
                                      WholeFile::IfThere if_there) {
  auto from = open_sqlite_beside(location);
  if (!from) {
    return std::move(from).error();
  }
  if (auto fit = check_target(location, path, if_there); !fit) {
    return std::move(fit).error();
  }
  auto file = WholeFile::make(path, kDatabaseMode);
  if (!file) {
    return std::move(file).error();
  }
  auto copied = copy_into(*file, *from, {location.path, path});
  if (!copied) {
    return copied;
  }
  if (auto kept = file->keep(if_there); !kept) {
    return std::move(kept).error();
  }
  return copied;
}

Result<RestoredDatabase> restore_sqlite(const SqliteLocation& location,
                                        const std::string& path,
                                        domain::Timestamp at) {
  if (location.in_memory()) {
    return Error(ErrorKind::kInvalid, "a database in memory cannot be restored");
  }
  if (same_file(path, location.path)) {
    return Error(ErrorKind::kInvalid, path + " is the database itself: name a backup of it");
  }
  auto from = open_backup(path);
  if (!from) {
    return std::move(from).error();
  }
  auto lock = lock_sqlite(location);
  if (!lock) {
    return std::move(lock).error();
  }
  auto file = WholeFile::make(location.path, kDatabaseMode);
  if (!file) {
    return std::move(file).error();
  }
  auto copied = copy_into(*file, *from, {path, location.path});
  if (!copied) {
    return std::move(copied).error();
  }
  Result<std::string> kept = std::string();
  if (file_exists(location.path)) {
    kept = keep_beside(location.path, at);
  }
  if (!kept) {
    return std::move(kept).error();
  }
  if (auto done = file->keep(WholeFile::IfThere::kReplace); !done) {
    return std::move(done).error();
  }
  return RestoredDatabase{std::move(*copied), std::move(*kept)};
}

}  // namespace ginnel::storage
