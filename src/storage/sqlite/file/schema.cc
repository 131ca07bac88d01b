// SPDX-License-Identifier: MIT
#include "storage/sqlite/file/schema.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <new>
#include <utility>

#include "domain/user.h"
#include "kSqliteMigrations.h"

namespace ginnel::storage::sqlite {

namespace {

Result<std::vector<AppliedMigration>> applied_migrations(Connection& connection) {
  auto present = connection.exists("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?",
                                   std::string_view("schema_migrations"));
  if (!present) {
    return std::move(present).error();
  }
  if (!*present) {
    return std::vector<AppliedMigration>();
  }
  return connection.all("SELECT number, checksum FROM schema_migrations ORDER BY number",
                        [](const Row& row) {
                          const auto number = static_cast<std::uint32_t>(row.integer(0));
                          return AppliedMigration{number, row.text(1)};
                        });
}

/// Whether the table of the applied migrations has fewer than the database was brought through.
Result<bool> has_lost_migrations(Connection& connection, std::size_t applied) {
  auto had = connection.number(
      "SELECT max(user_version, EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name "
      "NOT IN ('schema_migrations', 'sqlite_sequence'))) FROM pragma_user_version");
  if (!had) {
    return std::move(had).error();
  }
  return static_cast<std::int64_t>(applied) < *had;
}

Result<Done> apply_in_transaction(Connection& connection,
                                  const base::EmbeddedFile& file,
                                  domain::Timestamp at) {
  auto done = connection.execute(std::string(file.contents).c_str());
  if (!done) {
    return done;
  }
  const std::string name = migration_name(file);
  const std::string checksum = migration_checksum(file.contents);
  done = connection.run(
      "INSERT INTO schema_migrations (number, name, checksum, applied_at) VALUES (?, ?, ?, ?)",
      migration_number(file),
      name,
      checksum,
      at.time_since_epoch().count());
  if (!done) {
    return done;
  }
  const std::string version = "PRAGMA user_version = " + std::to_string(migration_number(file));
  done = connection.execute(version.c_str());
  return done ? connection.execute("COMMIT") : std::move(done);
}

Result<Done> apply(Connection& connection, const base::EmbeddedFile& file, domain::Timestamp at) {
  auto done = connection.execute("BEGIN IMMEDIATE");
  if (done) {
    done = apply_in_transaction(connection, file, at);
  }
  if (!done) {
    connection.roll_back();
    return failed_migration(file, done.error());
  }
  return done;
}

/// `username_key` in SQL: what migrations compute that SQL cannot.
void username_key_of(sqlite3_context* context, int /*count*/, sqlite3_value** arguments) {
  const auto* const text = reinterpret_cast<const char*>(sqlite3_value_text(*arguments));
  const auto length = static_cast<std::size_t>(sqlite3_value_bytes(*arguments));
  try {
    const std::string key =
        domain::username_key(text == nullptr ? "" : std::string_view(text, length));
    sqlite3_result_text(context, key.data(), static_cast<int>(key.size()), SQLITE_TRANSIENT);
  } catch (const std::bad_alloc&) {
    sqlite3_result_error_nomem(context);
  }
}

Result<Done> add_functions(Connection& connection) {
  const int code =
      sqlite3_create_function_v2(connection.handle(),
                                 "username_key",
                                 1,
                                 SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY,
                                 nullptr,
                                 username_key_of,
                                 nullptr,
                                 nullptr,
                                 nullptr);
  if (code != SQLITE_OK) {
    return Error(ErrorKind::kInternal, "migrations could not be prepared", sqlite3_errstr(code));
  }
  return Done();
}

Result<Done> prepare_for_migrations(Connection& connection) {
  if (auto added = add_functions(connection); !added) {
    return added;
  }
  const std::string mark = "PRAGMA application_id = " + std::to_string(kApplicationId);
  auto done = connection.execute(mark.c_str());
  if (!done) {
    return done;
  }
  return connection.execute(
      "CREATE TABLE IF NOT EXISTS schema_migrations ("
      "  number INTEGER PRIMARY KEY,"
      "  name TEXT NOT NULL,"
      "  checksum TEXT NOT NULL,"
      "  applied_at INTEGER NOT NULL) STRICT");
}

/// Indexes of older versions, which go when what has taken their place is made (0008).
constexpr std::array<std::string_view, 2> kPassing = {"clicks_by_link", "clicks_by_user"};

/// What was made by a statement; indexes that SQLite made for itself have none.
Result<std::vector<SchemaPart>> parts_of(Connection& connection) {
  return connection.all(
      "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid",
      [](const Row& row) {
        return SchemaPart{row.text(0), row.text(1), row.text(2)};
      });
}

}  // namespace

std::span<const base::EmbeddedFile> all_migrations() {
  return embedded::kSqliteMigrations;
}

Result<Done> check_file_is_ours(Connection& connection, const std::string& path) {
  auto mark = connection.number("PRAGMA application_id");
  auto tables = connection.number("SELECT count(*) FROM sqlite_schema");
  const int code = sqlite3_errcode(connection.handle());
  const bool readable = code != SQLITE_CORRUPT && code != SQLITE_NOTADB;
  if (mark && tables && (*mark == kApplicationId || (*mark == 0 && *tables == 0))) {
    return Done();
  }
  std::string detail;
  if (!mark || !tables) {
    Error& cause = mark ? tables.error() : mark.error();
    if (cause.kind == ErrorKind::kUnavailable && readable) {
      return std::move(cause);
    }
    detail = std::move(cause.detail);
  }
  return Error(ErrorKind::kInvalid,
               path + " is not a Ginnel database: another program made it, or it is damaged",
               std::move(detail));
}

Result<std::vector<MigrationState>> migration_states(Connection& connection,
                                                     std::span<const base::EmbeddedFile> files) {
  auto applied = applied_migrations(connection);
  if (!applied) {
    return std::move(applied).error();
  }
  auto has_lost = has_lost_migrations(connection, applied->size());
  if (!has_lost) {
    return std::move(has_lost).error();
  }
  return *has_lost ? lost_migrations() : states_of(files, *applied);
}

Result<std::vector<MigrationState>> apply_migrations(Connection& connection,
                                                     std::span<const base::EmbeddedFile> files,
                                                     domain::Timestamp at) {
  auto states = migration_states(connection, files);
  if (!states || all_applied(*states)) {
    return states;
  }
  auto done = prepare_for_migrations(connection);
  for (std::size_t index = 0; done && index < files.size(); ++index) {
    MigrationState& state = (*states)[index];
    if (!state.applied) {
      done = apply(connection, files[index], at);
      state.applied = true;
    }
  }
  if (!done) {
    return std::move(done).error();
  }
  return states;
}

Result<std::vector<SchemaPart>> missing_parts(Connection& connection) {
  auto model = Connection::open({}, Connection::Mode::kMemory);
  if (!model) {
    return std::move(model).error();
  }
  auto made = apply_migrations(*model, all_migrations(), domain::Timestamp());
  if (!made) {
    return std::move(made).error();
  }
  auto wanted = parts_of(*model);
  const auto found = parts_of(connection);
  if (!wanted || !found) {
    return wanted ? found : wanted;
  }
  std::erase_if(*wanted, [&found](const SchemaPart& part) {
    return std::ranges::find(kPassing, part.name) != kPassing.end() ||
           std::any_of(found->begin(), found->end(), [&part](const SchemaPart& there) {
             return there.type == part.type && there.name == part.name && there.sql == part.sql;
           });
  });
  return wanted;
}

}  // namespace ginnel::storage::sqlite
