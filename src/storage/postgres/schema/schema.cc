// SPDX-License-Identifier: MIT
#include "storage/postgres/schema/schema.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "kPostgresMigrations.h"
#include "storage/postgres/engine/execute.h"

namespace ginnel::storage::postgres {
namespace {

using States = std::vector<MigrationState>;

AppliedMigration applied_of(const Row& row) {
  return {static_cast<std::uint32_t>(row.integer(0)), row.text(1)};
}

/// How many tables there are, and how many of them are that of the applied migrations.
struct Tables {
  std::int64_t all = 0;
  std::int64_t of_migrations = 0;
};

Result<Tables> count_tables(PGconn& connection, Deadline until) {
  auto rows = execute(connection,
                      Query("SELECT count(*), count(*) FILTER (WHERE tablename = $1) "
                            "FROM pg_tables WHERE schemaname = current_schema()",
                            "schema_migrations"),
                      until);
  if (!rows) {
    return std::move(rows).error();
  }
  return Tables{(*rows)[0].integer(0), (*rows)[0].integer(1)};
}

Result<Done> make_table_of_migrations(PGconn& connection, Deadline until) {
  return execute_script(connection,
                        "CREATE TABLE IF NOT EXISTS schema_migrations ("
                        "  number bigint PRIMARY KEY,"
                        "  name text NOT NULL,"
                        "  checksum text NOT NULL,"
                        "  applied_at bigint NOT NULL)",
                        until);
}

/// Several processes may try it at once: PostgreSQL then refuses some, though the table is there.
Result<Done> have_table_of_migrations(PGconn& connection, Deadline until) {
  auto made = make_table_of_migrations(connection, until);
  return made ? std::move(made) : make_table_of_migrations(connection, until);
}

Result<Done> apply(PGconn& connection,
                   const base::EmbeddedFile& file,
                   domain::Timestamp at,
                   Deadline until) {
  auto done = execute_script(connection, std::string(file.contents), until);
  if (!done) {
    return failed_migration(file, done.error());
  }
  auto noted = execute(connection,
                       Query("INSERT INTO schema_migrations (number, name, checksum, applied_at) "
                             "VALUES ($1, $2, $3, $4)",
                             std::int64_t{migration_number(file)},
                             migration_name(file),
                             migration_checksum(file.contents),
                             std::int64_t{at.time_since_epoch().count()}),
                       until);
  return noted ? Result<Done>(Done()) : std::move(noted).error();
}

/// The next that is missing, if one is, while nobody else applies any.
Result<States> apply_next(PGconn& connection,
                          std::span<const base::EmbeddedFile> files,
                          domain::Timestamp at,
                          Deadline until) {
  auto locked = execute_script(connection, "LOCK TABLE schema_migrations IN EXCLUSIVE MODE", until);
  if (!locked) {
    return std::move(locked).error();
  }
  auto states = migration_states(connection, files, until);
  if (!states) {
    return states;
  }
  const auto missing = std::ranges::find(*states, false, &MigrationState::applied);
  if (missing == states->end()) {
    return states;
  }
  const auto& file = files[static_cast<std::size_t>(missing - states->begin())];
  if (auto done = apply(connection, file, at, until); !done) {
    return std::move(done).error();
  }
  missing->applied = true;
  return states;
}

}  // namespace

std::span<const base::EmbeddedFile> all_migrations() {
  return embedded::kPostgresMigrations;
}

Result<States> migration_states(PGconn& connection,
                                std::span<const base::EmbeddedFile> files,
                                Deadline until) {
  auto tables = count_tables(connection, until);
  if (!tables) {
    return std::move(tables).error();
  }
  if (tables->of_migrations == 0) {
    if (tables->all > 0) {
      return Error(ErrorKind::kInvalid,
                   "the database has tables of another program: give Ginnel one of its own, or a "
                   "schema of its own (search_path)");
    }
    return states_of(files, {});
  }
  auto applied = execute(
      connection, Query("SELECT number, checksum FROM schema_migrations ORDER BY number"), until);
  if (!applied) {
    return std::move(applied).error();
  }
  return states_of(files, applied->all(applied_of));
}

Result<States> apply_migrations(PGconn& connection,
                                std::span<const base::EmbeddedFile> files,
                                domain::Timestamp at,
                                Deadline until) {
  auto states = migration_states(connection, files, until);
  if (states && !all_applied(*states)) {
    if (auto there = have_table_of_migrations(connection, until); !there) {
      return std::move(there).error();
    }
  }
  while (states && !all_applied(*states)) {
    if (auto begun = execute_script(connection, "BEGIN", until); !begun) {
      return std::move(begun).error();
    }
    states = apply_next(connection, files, at, until);
    auto ended = execute_script(connection, states ? "COMMIT" : "ROLLBACK", until);
    if (states && !ended) {
      return std::move(ended).error();
    }
  }
  return states;
}

}  // namespace ginnel::storage::postgres
