// SPDX-License-Identifier: MIT
#include "storage/sqlite/imports/import_rehearsal.h"

#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include "domain/timestamp.h"
#include "storage/sqlite/file/database.h"
#include "storage/sqlite/file/schema.h"
#include "storage/sqlite/imports/row_importer.h"
#include "storage/sqlite/rows/user_store.h"

namespace ginnel::storage::sqlite {
namespace {

/// The tables an import inserts into, and what keeps their rows apart, stand a second time among
/// the temporary ones, empty at first. SQLite takes those where a name has no schema before it, so
/// the importer works on them, on a connection that cannot write anything else; all other tables it
/// reads are the database's own.
constexpr std::string_view kTablesAndKeys =
    "SELECT sql FROM main.sqlite_schema WHERE tbl_name IN ('users', 'links', 'events') "
    "AND (type = 'table' OR sql LIKE 'CREATE UNIQUE INDEX %' OR name = 'links_by_chosen_code') "
    "ORDER BY rowid";

/// The statement that makes the same among the temporary tables.
std::string as_temporary(std::string sql) {
  constexpr std::string_view kTable = "CREATE TABLE ";
  constexpr std::string_view kIndex = " INDEX ";
  if (sql.starts_with(kTable)) {
    return "CREATE TEMP TABLE " + sql.substr(kTable.size());
  }
  return sql.insert(sql.find(kIndex) + kIndex.size(), "temp.");
}

/// Brings what could be in a row's way from the database to the temporary tables, before the
/// importer sees the row.
class RowsInTheWay final {
 public:
  explicit RowsInTheWay(Connection& database) : database_(database) {}

  Result<Done> operator()(const domain::User& row) {
    const std::string name = domain::username_key(row.username);
    const std::string old_name = domain::old_username_key(row.username);
    const std::string email = domain::email_key(row.email);
    return database_.run(
        "INSERT OR IGNORE INTO temp.users SELECT * FROM main.users WHERE id = ? "
        "UNION SELECT * FROM main.users WHERE username_key IN (?, ?) "
        "UNION SELECT * FROM main.users WHERE email_key = ?",
        row.id.value,
        name,
        old_name,
        email);
  }

  Result<Done> operator()(const domain::Link& row) {
    if (auto done = bring_user(row.user.value); !done) {
      return done;
    }
    return database_.run(
        "INSERT OR IGNORE INTO temp.links SELECT * FROM main.links WHERE id = ? "
        "UNION SELECT * FROM main.links WHERE code = ?",
        row.id.value,
        row.code);
  }

  /// Of an event that is there already also what it names: it shows null for what is gone.
  Result<Done> operator()(const domain::Event& row) {
    auto done = database_.run(
        "INSERT OR IGNORE INTO temp.events SELECT * FROM main.events WHERE id = ?", row.id.value);
    if (done) {
      done = bring_link(row.link.value_or(domain::LinkId()).value);
    }
    if (done) {
      done = bring_user(row.user.value_or(domain::UserId()).value);
    }
    if (!done) {
      return done;
    }
    auto named = database_.first(
        "SELECT link_id, user_id FROM main.events WHERE id = ?1 "
        "UNION ALL SELECT link_id, user_id FROM main.clicks WHERE id = ?1",
        [](const Row& found) {
          return std::pair(found.optional_integer(0), found.optional_integer(1));
        },
        row.id.value);
    if (!named) {
      return std::move(named).error();
    }
    done = *named ? bring_link((*named)->first.value_or(0)) : Done();
    return done && *named ? bring_user((*named)->second.value_or(0)) : std::move(done);
  }

 private:
  Result<Done> bring_user(std::int64_t id) {
    return database_.run("INSERT OR IGNORE INTO temp.users SELECT * FROM main.users WHERE id = ?",
                         id);
  }
  Result<Done> bring_link(std::int64_t id) {
    return database_.run("INSERT OR IGNORE INTO temp.links SELECT * FROM main.links WHERE id = ?",
                         id);
  }

  Connection& database_;
};

/// What it brings stays in the transaction, which is never committed.
class RehearsedImport final : public storage::Import {
 public:
  /// `database` must outlive this.
  explicit RehearsedImport(Connection& database) : kept_(database), importer_(database) {}

  Task<Result<change::ImportCounts>> commit(change::Context /*by*/) override {
    co_return tally_.counts();
  }

 private:
  Task<Result<std::vector<change::ImportVerdict>>> bring(
      std::vector<change::ImportRow> rows) override {
    using Verdict = Result<change::ImportVerdict>;
    co_return tally_.add_all(rows, [this](const change::ImportRow& row) -> Verdict {
      if (auto done = std::visit(kept_, row); !done) {
        return std::move(done).error();
      }
      return std::visit(importer_, row);
    });
  }

  RowsInTheWay kept_;
  RowImporter importer_;
  change::ImportTally tally_;
};

class ImportRehearsal final : public storage::ImportStore {
 public:
  explicit ImportRehearsal(Connection database) : database_(std::move(database)) {}

  Task<Result<std::unique_ptr<storage::Import>>> begin(change::ImportOrigin /*origin*/) override {
    co_return std::make_unique<RehearsedImport>(database_);
  }

 private:
  Connection database_;
};

/// The database, read-only, or an empty one where there is none.
Result<Connection> open_kept(const Location& location) {
  std::error_code ignored;
  if (!location.in_memory() && std::filesystem::exists(location.path, ignored)) {
    return open_beside(location);
  }
  auto empty = Connection::open({}, Connection::Mode::kMemory);
  if (empty) {
    if (auto made = apply_migrations(*empty, all_migrations(), domain::Timestamp()); !made) {
      return std::move(made).error();
    }
  }
  return empty;
}

/// Makes the temporary tables, in the transaction in which everything is read.
Result<Done> begin_rehearsal(Connection& database) {
  // A file, which SQLite keeps in memory while it is small: a rehearsal may be of a billion rows.
  auto done = database.execute("PRAGMA temp_store = FILE; BEGIN");
  if (!done) {
    return done;
  }
  auto states = migration_states(database, all_migrations());
  if (!states) {
    return std::move(states).error();
  }
  if (!all_applied(*states)) {
    return lacks_migrations();
  }
  auto statements = database.all(kTablesAndKeys, [](const Row& row) { return row.text(0); });
  if (!statements) {
    return std::move(statements).error();
  }
  for (const std::string& sql : *statements) {
    if (done = database.execute(as_temporary(sql).c_str()); !done) {
      return done;
    }
  }
  return Done();
}

}  // namespace

Result<std::unique_ptr<storage::ImportStore>> open_import_rehearsal(const Location& location) {
  auto database = open_kept(location);
  if (!database) {
    return std::move(database).error();
  }
  if (auto begun = begin_rehearsal(*database); !begun) {
    return std::move(begun).error();
  }
  return std::unique_ptr<storage::ImportStore>(
      std::make_unique<ImportRehearsal>(std::move(*database)));
}

}  // namespace ginnel::storage::sqlite
