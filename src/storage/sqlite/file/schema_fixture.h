// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "storage/sqlite/file/schema.h"

namespace ginnel::storage::sqlite {

/// A database in memory that has no tables yet.
inline Connection empty_database() {
  return std::move(*Connection::open({}, Connection::Mode::kMemory));
}

/// One with those of today.
inline Connection migrated_database() {
  auto database = empty_database();
  apply_migrations(database, all_migrations(), {}).value();
  return database;
}

/// The first column of the first row that `sql` gives, or SQLite's words when it fails.
inline std::string first_text(Connection& database, std::string_view sql) {
  auto found = database.first(sql, [](const Row& row) { return row.text(0); });
  return found ? found->value_or("") : found.error().detail;
}

}  // namespace ginnel::storage::sqlite
