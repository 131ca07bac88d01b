// SPDX-License-Identifier: MIT
#include "storage/open_stores.h"

#include <utility>

#include "storage/import_rehearsal.h"
#include "storage/sqlite/engine/engine.h"
#include "storage/sqlite/file/database.h"
#include "storage/sqlite/imports/import_rehearsal.h"
#include "storage/sqlite/stores.h"
#include "storage/sqlite/upkeep/snapshot.h"

namespace ginnel::storage {

Result<std::unique_ptr<Stores>> open_stores(const StoreOptions& options,
                                            ChangeListener& listener,
                                            observability::Log* log) {
  auto location = sqlite::parse_url(options.url);
  if (!location) {
    return std::move(location).error();
  }
  auto engine = sqlite::Engine::open(*location, options, listener, log);
  if (!engine) {
    return std::move(engine).error();
  }
  return std::unique_ptr<Stores>(std::make_unique<sqlite::Stores>(std::move(*engine)));
}

Result<std::unique_ptr<Snapshot>> open_snapshot(const StoreOptions& options) {
  auto location = sqlite::parse_url(options.url);
  if (!location) {
    return std::move(location).error();
  }
  return sqlite::open_snapshot(*location);
}

Result<std::unique_ptr<ImportStore>> open_import_rehearsal(const StoreOptions& options) {
  const auto location = sqlite::parse_url(options.url);
  if (!location) {
    return location.error();
  }
  return sqlite::open_import_rehearsal(*location);
}

std::string engine_version() {
  return std::string("SQLite ").append(sqlite::engine_version());
}

Result<std::vector<MigrationState>> look_at_migrations(const StoreOptions& options) {
  const auto location = sqlite::parse_url(options.url);
  if (!location) {
    return location.error();
  }
  return sqlite::look_at_migrations(*location);
}

Result<std::vector<MigrationState>> migrate(const StoreOptions& options) {
  const auto location = sqlite::parse_url(options.url);
  if (!location) {
    return location.error();
  }
  auto database = sqlite::open_database(*location, true);
  if (!database) {
    return std::move(database).error();
  }
  return std::move(database->migrations);
}

}  // namespace ginnel::storage
