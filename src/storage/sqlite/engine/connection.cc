// SPDX-License-Identifier: MIT
#include "storage/sqlite/engine/connection.h"

#include <new>
#include <optional>
#include <string>
#include <sys/stat.h>
#include <tuple>

namespace ginnel::storage::sqlite {

namespace {

int flags_of(Connection::Mode mode) {
  constexpr int kAlways = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  switch (mode) {
    case Connection::Mode::kWrite:
    case Connection::Mode::kAlone:
      return kAlways | SQLITE_OPEN_READWRITE;
    case Connection::Mode::kRead:
      return kAlways | SQLITE_OPEN_READONLY;
    case Connection::Mode::kBare:
      return kAlways | SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
    case Connection::Mode::kMemory:
      return kAlways | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY;
  }
  return kAlways;  // a value outside the list: a defect
}

/// What SQLite is to open: a URI where it has something to say beside the path
/// (https://www.sqlite.org/uri.html).
std::string name_of(const std::string& path, Connection::Mode mode) {
  if (mode == Connection::Mode::kMemory) {
    return ":memory:";
  }
  if (mode != Connection::Mode::kBare) {
    return path;
  }
  std::string uri = "file:";
  for (const char character : path) {
    switch (character) {
      case '%':
        uri += "%25";
        break;
      case '?':
        uri += "%3f";
        break;
      case '#':
        uri += "%23";
        break;
      default:
        uri += character;
    }
  }
  return uri + "?immutable=1";
}

struct Meaning {
  ErrorKind kind;
  const char* message;
};

Meaning meaning_of(int code) {
  switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return {ErrorKind::kConflict, "Somebody else has this already"};
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return {ErrorKind::kConflict, "Something that it names is not there"};
    default:
      break;
  }
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorKind::kUnavailable, "The database is busy; try again"};
    case SQLITE_FULL:
      return {ErrorKind::kUnavailable, "The database has no room left"};
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return {ErrorKind::kUnavailable, "The database cannot be written"};
    case SQLITE_CANTOPEN:
      return {ErrorKind::kUnavailable, "The database file cannot be opened"};
    case SQLITE_IOERR:
    case SQLITE_PROTOCOL:
    case SQLITE_NOMEM:
      return {ErrorKind::kUnavailable, "The database does not answer; try again"};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {ErrorKind::kUnavailable, "The database file is damaged"};
    default:
      return {ErrorKind::kInternal, "internal error"};
  }
}

/// Which of the files that SQLite opens is a pipe, a socket or a device. SQLite would open it all
/// the same, and of a pipe wait for the other end.
std::optional<std::string> find_stranger(const std::string& path) {
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
    struct stat found {};
    const bool is_there = ::stat((path + suffix).c_str(), &found) == 0;
    if (is_there && !S_ISREG(found.st_mode) && !S_ISDIR(found.st_mode)) {
      return path + suffix;
    }
  }
  return std::nullopt;
}

}  // namespace

std::string_view engine_version() noexcept {
  return sqlite3_libversion();
}

Error error_of(int code, sqlite3* connection) {
  const Meaning meaning = meaning_of(code);
  std::string detail = "sqlite " + std::to_string(code) + ": ";
  detail += connection != nullptr ? sqlite3_errmsg(connection) : sqlite3_errstr(code);
  return Error(meaning.kind, meaning.message, std::move(detail));
}

std::int64_t Row::integer(int column) const noexcept {
  return sqlite3_column_int64(statement_, column);
}

std::optional<std::int64_t> Row::optional_integer(int column) const noexcept {
  if (sqlite3_column_type(statement_, column) == SQLITE_NULL) {
    return std::nullopt;
  }
  return integer(column);
}

std::string Row::text(int column) const {
  const unsigned char* text = sqlite3_column_text(statement_, column);
  if (text == nullptr) {
    return {};
  }
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return std::string(reinterpret_cast<const char*>(text), size);
}

std::string_view Row::bytes(int column) const noexcept {
  const void* bytes = sqlite3_column_blob(statement_, column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return bytes == nullptr ? std::string_view()
                          : std::string_view(static_cast<const char*>(bytes), size);
}

Statement::~Statement() {
  if (statement_ != nullptr) {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }
}

void Statement::reset() noexcept {
  sqlite3_reset(statement_);
  parameter_ = 0;
}

void Statement::note(int code) noexcept {
  if (code_ == SQLITE_OK) {
    code_ = code;
  }
}

void Statement::bind(std::int64_t value) noexcept {
  if (code_ == SQLITE_OK) {
    note(sqlite3_bind_int64(statement_, ++parameter_, value));
  }
}

void Statement::bind(std::string_view text) noexcept {
  if (code_ == SQLITE_OK) {
    // A null pointer would bind NULL, and an empty view may hold one.
    const char* begin = text.empty() ? "" : text.data();
    note(sqlite3_bind_text64(
        statement_, ++parameter_, begin, text.size(), SQLITE_STATIC, SQLITE_UTF8));
  }
}

void Statement::bind(Bytes bytes) noexcept {
  if (code_ == SQLITE_OK) {
    // As for texts.
    const char* begin = bytes.bytes.empty() ? "" : bytes.bytes.data();
    note(sqlite3_bind_blob64(statement_, ++parameter_, begin, bytes.bytes.size(), SQLITE_STATIC));
  }
}

void Statement::bind(std::optional<std::int64_t> value) noexcept {
  if (value) {
    bind(*value);
  } else if (code_ == SQLITE_OK) {
    note(sqlite3_bind_null(statement_, ++parameter_));
  }
}

Result<bool> Statement::step() {
  if (code_ != SQLITE_OK) {
    return failed(code_);
  }
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) {
    return true;
  }
  if (code == SQLITE_DONE) {
    return false;
  }
  return failed(code);
}

Error Statement::failed(int code) const {
  Error error = error_of(code, connection_);
  if (listener_ != nullptr) {
    listener_->on_fault(code);
  }
  return error;
}

void Connection::Close::operator()(sqlite3* connection) const noexcept {
  sqlite3_close_v2(connection);
}

Result<Connection> Connection::open(const std::string& path, Mode mode) {
  // The table that a list of numbers becomes (json_each) takes these at once and gives them back
  // with the statement: with SQLite's 20, in a block that comes from the system each time.
  constexpr int kPagesAtOnce = 4;
  static const int is_set = sqlite3_config(SQLITE_CONFIG_PAGECACHE, nullptr, 0, kPagesAtOnce);
  std::ignore = is_set;  // whoever used SQLite before us keeps the 20
  if (const auto stranger = mode == Mode::kMemory ? std::nullopt : find_stranger(path)) {
    return Error(ErrorKind::kInvalid, *stranger + " is a pipe or a device, not a file");
  }
  sqlite3* raw = nullptr;
  const char* vfs = mode == Mode::kAlone ? "unix-excl" : nullptr;
  const int code = sqlite3_open_v2(name_of(path, mode).c_str(), &raw, flags_of(mode), vfs);
  Connection connection(raw);
  if (code != SQLITE_OK) {
    return error_of(code, raw);
  }
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  if (mode == Mode::kRead) {
    sqlite3_db_config(raw, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  }
  return connection;
}

Result<Done> Connection::execute(const char* sql) {
  const int code = sqlite3_exec(handle(), sql, nullptr, nullptr, nullptr);
  if (code == SQLITE_OK) {
    return Done();
  }
  Error error = error_of(code, handle());
  if (listener_ != nullptr) {
    listener_->on_fault(code);
  }
  return error;
}

Statement Connection::prepare(std::string_view sql) {
  if (auto found = statements_.find(sql); found != statements_.end()) {
    return Statement(handle(), found->second.get(), SQLITE_OK, listener_);
  }
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v3(
      handle(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  if (code != SQLITE_OK) {
    return Statement(handle(), nullptr, code, listener_);
  }
  auto added = statements_.emplace(std::string(sql), StatementPointer(raw));
  return Statement(handle(), added.first->second.get(), SQLITE_OK, listener_);
}

std::int64_t Connection::last_id() const noexcept {
  return sqlite3_last_insert_rowid(connection_.get());
}

std::int64_t Connection::changed_rows() const noexcept {
  return sqlite3_changes64(connection_.get());
}

bool Connection::in_transaction() const noexcept {
  return sqlite3_get_autocommit(connection_.get()) == 0;
}

void Connection::roll_back() noexcept {
  if (in_transaction()) {
    sqlite3_exec(handle(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

ReadTransaction::ReadTransaction(Connection& connection)
    : connection_(connection), is_outer_(!connection.in_transaction()) {
  if (is_outer_) {
    begun_ = connection_.run("BEGIN");
  }
}

ReadTransaction::~ReadTransaction() {
  if (is_outer_) {
    connection_.roll_back();
  }
}

bool Connection::read_only() const noexcept {
  return sqlite3_db_readonly(connection_.get(), "main") == 1;
}

void Connection::set_busy_timeout(std::chrono::milliseconds limit) noexcept {
  sqlite3_busy_timeout(handle(), static_cast<int>(limit.count()));
}

}  // namespace ginnel::storage::sqlite
