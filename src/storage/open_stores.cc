// SPDX-License-Identifier: MIT
#include "storage/open_stores.h"

#include <utility>

#include "storage/sqlite/engine/engine.h"
#include "storage/sqlite/file/database.h"
#include "storage/sqlite/stores.h"
#include "storage/sqlite/upkeep/snapshot.h"

namespace ginnel::storage {

Result<std::unique_ptr<Stores>> open_stores(const StoreOptions& options,
                                            ChangeListener& listener,
                                            observability::Log* log) {
  auto location = parse_sqlite_url(options.url);
  if (!location) {
    return std::move(location).error();
  }
  auto engine = SqliteEngine::open(*location, options, listener, log);
  if (!engine) {
    return std::move(engine).error();
  }
  return std::unique_ptr<Stores>(std::make_unique<SqliteStores>(std::move(*engine)));
}

Result<std::unique_ptr<Snapshot>> open_snapshot(const StoreOptions& options) {
  auto location = parse_sqlite_url(options.url);
  if (!location) {
    return std::move(location).error();
  }
  return open_sqlite_snapshot(*location);
}

std::string engine_version() {
  return std::string("SQLite ").append(sqlite_version());
}

Result<std::vector<MigrationState>> look_at_migrations(const StoreOptions& options) {
  const auto location = parse_sqlite_url(options.url);
  if (!location) {
    return location.error();
  }
  return look_at_sqlite(*location);
}

Result<std::vector<MigrationState>> migrate(const StoreOptions& options) {
  const auto location = parse_sqlite_url(options.url);
  if (!location) {
    return location.error();
  }
  auto database = open_sqlite(*location, true);
  if (!database) {
    return std::move(database).error();
  }
  return std::move(database->migrations);
}

}  // namespace ginnel::storage
