// SPDX-License-Identifier: MIT
#include "storage/sqlite/upkeep/backup.h"

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <sys/stat.h>
#include <sys/types.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "base/file_error.h"
#include "base/file_io.h"
#include "storage/sqlite/file/file_lock.h"
#include "storage/sqlite/file/log_name.h"
#include "storage/sqlite/file/schema.h"

namespace ginnel::storage::sqlite {

namespace {

namespace fs = std::filesystem;

bool is_there(const std::string& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

bool same_file(const std::string& one, const std::string& other) {
  std::error_code failed;
  return fs::equivalent(one, other, failed);
}

/// Copies every page in one step, so in one read transaction of `from`: page by page it would have
/// to begin anew with each change that another process makes. The code is SQLite's.
int copy_pages(Connection& from, Connection& to) {
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
Result<Done> forget_keys(Connection& copy) {
  auto keys = copy.exists("SELECT 1 FROM sqlite_schema WHERE name = 'visitor_salts'");
  if (!keys) {
    return std::move(keys).error();
  }
  return *keys ? copy.execute("DELETE FROM visitor_salts") : Done();
}

Result<Done> check(Connection& copy, const std::string& from) {
  const auto text = [](const Row& row) { return row.text(0); };
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
Result<Done> fill(Connection& copy, Connection& from, const CopiedDatabase& names) {
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

Result<CopiedDatabase> copy_into(const WholeFile& file, Connection& from, CopiedDatabase copied) {
  auto copy = Connection::open(file.partial_path(), Connection::Mode::kWrite);
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

Result<Done> check_target(const Location& location,
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
  if (is_there(path + "-wal")) {
    return Error(ErrorKind::kConflict, path + " is a database in use: name another file");
  }
  if (if_there == WholeFile::IfThere::kRefuse && is_there(path)) {
    return Error(ErrorKind::kConflict, path + " is there already: --force replaces it");
  }
  return Done();
}

/// Ends the log of a database that nobody serves, so that its file alone is the whole. One that is
/// damaged, or not ours, or of another database, is left as it is.
void end_log(const std::string& path) {
  const auto check = LogCheck::begin(path);
  if (!check || !open_beside(Location{path})) {
    return;
  }
  auto connection = Connection::open(path, Connection::Mode::kWrite);
  if (connection && check->finish(*connection)) {
    connection->set_busy_timeout(kBusyTimeout);
    static_cast<void>(connection->execute("PRAGMA wal_checkpoint(TRUNCATE)"));
  }
}

std::string name_beside(const std::string& path, domain::Timestamp at) {
  std::string time = domain::to_text(std::chrono::floor<std::chrono::seconds>(at)) + 'Z';
  std::erase(time, '-');
  std::erase(time, ':');
  const std::string name = path + ".replaced-" + time;
  std::string free = name;
  for (int number = 2; is_there(free) || is_there(free + "-wal"); ++number) {
    free = name + '-' + std::to_string(number);
  }
  return free;
}

/// Moves what SQLite would take for the new file's to beside `kept`. Gives the first new name, or
/// nothing when nothing was there.
Result<std::string> keep_beside(const std::string& path, const std::string& kept) {
  std::string first;
  for (const char* beside : {"-wal", "-journal", "-shm"}) {
    if (!is_there(path + beside)) {
      continue;
    }
    if (::rename((path + beside).c_str(), (kept + beside).c_str()) != 0) {
      return file_error("keep " + path + beside, errno);
    }
    if (first.empty()) {
      first = kept + beside;
    }
  }
  return first;
}

/// Puts `file` in the place of the database at `path`, which is `kept` then, with what of its log
/// could not be ended; where it was deleted, its log alone is kept. Gives the name of what is kept.
///
/// Killed before the log has moved too, it lies beside the new file, and the next start says that
/// it is not its log (LogCheck).
Result<std::string> change_places(WholeFile& file,
                                  const std::string& path,
                                  const std::string& kept) {
  if (!is_there(path)) {
    auto first = keep_beside(path, kept);
    if (!first) {
      return first;
    }
    if (auto done = file.keep(WholeFile::IfThere::kReplace); !done) {
      return std::move(done).error();
    }
    return first;
  }
  end_log(path);
  if (auto done = file.keep_and_rename(kept); !done) {
    return std::move(done).error();
  }
  auto first = keep_beside(path, kept);
  return first ? Result<std::string>(kept) : std::move(first);
}

/// Whoever could open the database that was there can open the new one; or the owner of the folder.
void give_to_user_of(const std::string& path, int file) {
  give_to_owner(file, path);
  struct stat there {};
  if (::stat(path.c_str(), &there) == 0) {
    ::fchmod(file, there.st_mode & 0777);
  }
}

/// Deletes what a killed restore of another user left, where the folder lets us: the database's
/// lock is ours, so nobody writes it.
void clear_left_over(const std::string& partial) {
  if (::access(partial.c_str(), W_OK) != 0 && errno == EACCES) {
    ::unlink(partial.c_str());
  }
}

Result<Connection> open_backup(const std::string& path) {
  auto backup = open_beside(Location{path});
  if (!backup) {
    return backup;
  }
  auto states = migration_states(*backup, all_migrations());
  if (!states) {
    return std::move(states).error();
  }
  return backup;
}

}  // namespace

Result<CopiedDatabase> back_up(const Location& location,
                               const std::string& path,
                               WholeFile::IfThere if_there) {
  auto from = open_beside(location);
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

Result<RestoredDatabase> restore(const Location& location,
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
  auto lock = lock_database(location);
  if (!lock) {
    return std::move(lock).error();
  }
  clear_left_over(location.path + ".partial");
  auto file = WholeFile::make(location.path, kDatabaseMode);
  if (!file) {
    return std::move(file).error();
  }
  give_to_user_of(location.path, file->number());  // at once: who is killed leaves it behind
  auto copied = copy_into(*file, *from, {path, location.path});
  if (!copied) {
    return std::move(copied).error();
  }
  auto kept = change_places(*file, location.path, name_beside(location.path, at));
  if (!kept) {
    return std::move(kept).error();
  }
  lock->note_log(0);  // the log of the database before
  return RestoredDatabase{std::move(*copied), std::move(*kept)};
}

}  // namespace ginnel::storage::sqlite
