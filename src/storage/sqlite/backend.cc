// SPDX-License-Identifier: MIT
#include "storage/sqlite/backend.h"

#include <utility>

#include "storage/sqlite/engine/engine.h"
#include "storage/sqlite/file/database.h"
#include "storage/sqlite/file/file_lock.h"
#include "storage/sqlite/imports/import_rehearsal.h"
#include "storage/sqlite/stores.h"
#include "storage/sqlite/upkeep/backup.h"
#include "storage/sqlite/upkeep/examination.h"
#include "storage/sqlite/upkeep/snapshot.h"

namespace ginnel::storage::sqlite {
namespace {

/// Gives what `work` makes of the place that the URL names, or why it names none.
template <class Work>
auto at_location(const StoreOptions& options, Work work) -> decltype(work(Location())) {
  auto location = parse_url(options.url);
  if (!location) {
    return std::move(location).error();
  }
  return work(*location);
}

class Backend final : public storage::Backend {
 public:
  std::string engine() const override { return "SQLite " + std::string(engine_version()); }

  /// The threads are the engine's own: nothing of it lives on a loop.
  Result<std::unique_ptr<storage::Stores>> open_stores(const StoreOptions& options,
                                                       ChangeListener& listener,
                                                       const Executors& /*executors*/,
                                                       observability::Log* log) const override {
    using Opened = Result<std::unique_ptr<storage::Stores>>;
    return at_location(options, [&](const Location& location) -> Opened {
      auto engine = Engine::open(location, options, listener, log);
      if (!engine) {
        return std::move(engine).error();
      }
      return std::unique_ptr<storage::Stores>(std::make_unique<Stores>(std::move(*engine)));
    });
  }

  Result<std::unique_ptr<storage::Snapshot>> open_snapshot(
      const StoreOptions& options) const override {
    return at_location(options, &sqlite::open_snapshot);
  }

  Result<std::unique_ptr<storage::ImportStore>> open_import_rehearsal(
      const StoreOptions& options) const override {
    return at_location(options, &sqlite::open_import_rehearsal);
  }

  Result<std::vector<MigrationState>> look_at_migrations(
      const StoreOptions& options) const override {
    return at_location(options, &sqlite::look_at_migrations);
  }

  Result<std::vector<MigrationState>> migrate(const StoreOptions& options) const override {
    using States = Result<std::vector<MigrationState>>;
    return at_location(options, [](const Location& location) -> States {
      auto database = open_database(location, true);
      if (!database) {
        return std::move(database).error();
      }
      return std::move(database->migrations);
    });
  }

  Result<CopiedDatabase> back_up(const StoreOptions& options,
                                 const std::string& path,
                                 WholeFile::IfThere if_there) const override {
    return at_location(options, [&](const Location& location) {
      return sqlite::back_up(location, path, if_there);
    });
  }

  Result<RestoredDatabase> restore(const StoreOptions& options,
                                   const std::string& path,
                                   domain::Timestamp at) const override {
    return at_location(
        options, [&](const Location& location) { return sqlite::restore(location, path, at); });
  }

  Result<Examination> examine(const StoreOptions& options,
                              const ExaminationRules& rules) const override {
    return at_location(options, [&](const Location& location) {
      return Result(sqlite::examine(location, rules));
    });
  }

  std::string server_url(const StoreOptions& options) const override {
    const auto location = parse_url(options.url);
    const bool is_served =
        location && !location->in_memory() && FileLock::holder(location->path).has_value();
    return is_served ? FileLock::announced(location->path) : std::string();
  }
};

}  // namespace

const storage::Backend& backend() {
  static const Backend kBackend;
  return kBackend;
}

}  // namespace ginnel::storage::sqlite
