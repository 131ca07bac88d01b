// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include <sqlite3.h>

#include "base/result.h"
#include "storage/page.h"

namespace ginnel::storage::sqlite {

/// How long SQLite waits for a lock. Only another program can hold one: a backup, a shell.
inline constexpr std::chrono::milliseconds kBusyTimeout{2'000};

/// Hears of what goes wrong on a connection, on its thread: with SQLite's extended result code.
class FaultListener {
 public:
  FaultListener() = default;
  FaultListener(const FaultListener&) = delete;
  FaultListener& operator=(const FaultListener&) = delete;
  virtual ~FaultListener() = default;

  virtual void on_fault(int code) = 0;
};

/// Bytes that are no text: a BLOB.
struct Bytes {
  std::string_view bytes;
};

/// The row a running statement stands on: valid until its next step. Columns count from 0.
class Row final {
 public:
  explicit Row(sqlite3_stmt* statement) noexcept : statement_(statement) {}

  std::int64_t integer(int column) const noexcept;
  std::optional<std::int64_t> optional_integer(int column) const noexcept;
  std::string text(int column) const;

  /// A BLOB; valid as long as the row.
  std::string_view bytes(int column) const noexcept;

 private:
  sqlite3_stmt* statement_;
};

/// A prepared statement on loan from its connection's cache. Bound texts must outlive it; when it
/// ends, it is reset at once, so that no read transaction outlives the read.
///
/// A failure to prepare or to bind is kept and given by the next `step`.
class Statement final {
 public:
  /// `listener` may be null.
  Statement(sqlite3* connection,
            sqlite3_stmt* statement,
            int code,
            FaultListener* listener) noexcept
      : connection_(connection), statement_(statement), code_(code), listener_(listener) {}
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  /// Binds the next parameter, from left to right.
  void bind(std::int64_t value) noexcept;
  void bind(std::string_view text) noexcept;
  void bind(std::optional<std::int64_t> value) noexcept;
  void bind(Bytes bytes) noexcept;

  /// Runs it once with these parameters, passing over its rows; it can be run again then.
  template <class... Values>
  Result<Done> run(const Values&... values) {
    reset();
    (bind(values), ...);
    return each([](const Row&) {});
  }

  /// Makes it ready for other parameters.
  void reset() noexcept;

  /// Runs up to the next row: false when there is none left.
  Result<bool> step();

  Row row() const noexcept { return Row(statement_); }

  /// Calls `visit` with every row that is left.
  template <class Visit>
  Result<Done> each(Visit visit) {
    while (true) {
      Result<bool> more = step();
      if (!more) {
        return std::move(more).error();
      }
      if (!*more) {
        return Done();
      }
      visit(row());
    }
  }

  /// What `read` makes of the next row, or nothing when there is no row.
  template <class Read>
  auto first(Read read) -> Result<std::optional<std::invoke_result_t<Read, const Row&>>> {
    std::optional<std::invoke_result_t<Read, const Row&>> found;
    Result<bool> more = step();
    if (!more) {
      return std::move(more).error();
    }
    if (*more) {
      found.emplace(read(row()));
    }
    return found;
  }

  /// What `read` makes of the rows until the page that `query` asks for is full. A statement that
  /// may give one row more than `query.limit` tells whether others follow; it is not run any
  /// further.
  template <class Read, class Query>
  auto page(Read read, const Query& query) -> Result<Page<std::invoke_result_t<Read, const Row&>>> {
    PageBuilder<std::invoke_result_t<Read, const Row&>> page(query);
    while (true) {
      Result<bool> found = step();
      if (!found) {
        return std::move(found).error();
      }
      if (!*found || !page.add(read(row()))) {
        return std::move(page).take();
      }
    }
  }

  /// What `read` makes of every row, in order.
  template <class Read>
  auto all(Read read) -> Result<std::vector<std::invoke_result_t<Read, const Row&>>> {
    std::vector<std::invoke_result_t<Read, const Row&>> rows;
    auto done = each([&rows, &read](const Row& row) { rows.push_back(read(row)); });
    if (!done) {
      return std::move(done).error();
    }
    return rows;
  }

 private:
  void note(int code) noexcept;
  Error failed(int code) const;

  sqlite3* connection_;
  sqlite3_stmt* statement_;
  int code_;
  FaultListener* listener_;
  int parameter_ = 0;
};

/// One connection to an SQLite file, used by one thread at a time (SQLITE_OPEN_NOMUTEX).
///
/// Every failure is turned into an Error here: kUnavailable for what the caller has no part in (a
/// busy or full disk, an I/O error, a damaged file), kConflict for a broken unique index or foreign
/// key, kInternal for the rest. The message never holds SQLite's words; the detail does.
class Connection final {
 public:
  enum class Mode {
    kWrite,   ///< the file must exist
    kRead,    ///< read-only; closing it never checkpoints
    kMemory,  ///< a private database in memory; the path is not looked at
    kAlone,   ///< as kWrite, but the log's index is in memory: no other process can open the file
    kBare,    ///< read-only, and as if there were no log; nobody may write it meanwhile
  };

  static Result<Connection> open(const std::string& path, Mode mode);

  /// `listener` hears of every failure from now on; it must outlive the connection.
  void report_faults_to(FaultListener& listener) noexcept { listener_ = &listener; }

  /// Runs `sql`, which may hold several statements and has no parameters.
  Result<Done> execute(const char* sql);

  /// Runs one statement to its end, passing over its rows.
  template <class... Values>
  Result<Done> run(std::string_view sql, const Values&... values) {
    Statement statement = prepare(sql);
    (statement.bind(values), ...);
    return statement.each([](const Row&) {});
  }

  /// What `read` makes of the first row, or nothing when there is no row.
  template <class Read, class... Values>
  auto first(std::string_view sql, Read read, const Values&... values) {
    Statement statement = prepare(sql);
    (statement.bind(values), ...);
    return statement.first(std::move(read));
  }

  /// What `read` makes of every row, in order. It must not run the same `sql` itself.
  template <class Read, class... Values>
  auto all(std::string_view sql, Read read, const Values&... values) {
    Statement statement = prepare(sql);
    (statement.bind(values), ...);
    return statement.all(std::move(read));
  }

  /// The first column of the first row of a statement that always gives one.
  template <class... Values>
  Result<std::int64_t> number(std::string_view sql, const Values&... values) {
    auto integer = [](const Row& row) { return row.integer(0); };
    auto found = first(sql, integer, values...);
    if (!found) {
      return std::move(found).error();
    }
    return found->value_or(0);
  }

  /// Whether the statement gives any row.
  template <class... Values>
  Result<bool> exists(std::string_view sql, const Values&... values) {
    auto anything = [](const Row&) { return true; };
    auto found = first(sql, anything, values...);
    if (!found) {
      return std::move(found).error();
    }
    return found->has_value();
  }

  /// A statement from the cache, prepared on its first use.
  Statement prepare(std::string_view sql);

  /// The number of the row that was inserted last.
  std::int64_t last_id() const noexcept;

  /// How many rows the last statement changed.
  std::int64_t changed_rows() const noexcept;

  /// Whether a transaction is open. SQLite may roll one back by itself (a full disk, an I/O error).
  bool in_transaction() const noexcept;

  /// Ends an open transaction, undoing it; nothing when there is none.
  void roll_back() noexcept;

  /// Whether the file can only be read, whatever was asked for.
  bool read_only() const noexcept;

  void set_busy_timeout(std::chrono::milliseconds limit) noexcept;

  /// SQLite's own handle, for hooks and checkpoints.
  // NOLINTNEXTLINE(readability-make-member-function-const): it gives the right to change things
  sqlite3* handle() noexcept { return connection_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* connection) const noexcept;
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
  };
  struct HashText {
    using is_transparent = void;  // NOLINT(readability-identifier-naming): the library's name
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>()(text);
    }
  };
  using StatementPointer = std::unique_ptr<sqlite3_stmt, Finalize>;

  explicit Connection(sqlite3* connection) noexcept : connection_(connection) {}

  std::unique_ptr<sqlite3, Close> connection_;
  FaultListener* listener_ = nullptr;
  /// By text. Texts are constants of the program, so their number is bounded. Declared after the
  /// connection: statements end before it closes.
  std::unordered_map<std::string, StatementPointer, HashText, std::equal_to<>> statements_;
};

/// While it lives, everything that a connection reads is of one state of the database. It does
/// nothing when a transaction is open already. Statements are to end before it.
class ReadTransaction final {
 public:
  explicit ReadTransaction(Connection& connection);
  ReadTransaction(const ReadTransaction&) = delete;
  ReadTransaction& operator=(const ReadTransaction&) = delete;
  ~ReadTransaction();

  /// Whether it began.
  const Result<Done>& begun() const noexcept { return begun_; }

 private:
  Connection& connection_;
  const bool is_outer_;  ///< there was none
  Result<Done> begun_ = Done();
};

/// `3.40.1`: of the library that this process runs with.
std::string_view engine_version() noexcept;

/// The Error that stands for `code` (an extended one); `connection` may be null.
Error error_of(int code, sqlite3* connection);

}  // namespace ginnel::storage::sqlite
