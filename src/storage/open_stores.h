// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_mark.h"
#include "observability/log.h"
#include "observability/metrics.h"
#include "storage/change_listener.h"
#include "storage/click_store.h"
#include "storage/event_store.h"
#include "storage/import_store.h"
#include "storage/link_store.h"
#include "storage/options.h"
#include "storage/redirect_source.h"
#include "storage/snapshot.h"
#include "storage/user_store.h"

namespace ginnel::storage {

/// An open database: its stores and the threads behind them.
///
/// Destroying it finishes what was queued and closes the database; the loops that called it must
/// still run then (or have no call outstanding).
class Stores {
 public:
  Stores() = default;
  Stores(const Stores&) = delete;
  Stores& operator=(const Stores&) = delete;
  virtual ~Stores() = default;

  virtual UserStore& users() = 0;
  virtual LinkStore& links() = 0;
  virtual RedirectSource& redirects() = 0;
  virtual EventStore& events() = 0;
  virtual ClickStore& clicks() = 0;
  virtual ImportStore& imports() = 0;

  /// Asks the database whether it answers and takes changes: GET /health/ready.
  virtual Task<Result<Done>> ping() = 0;

  /// A file of others that belongs to this database: while it is not where it is now, no change is
  /// taken.
  virtual void watch(FileMark mark) = 0;

  /// Tells whoever finds the database held by this process that its server is asked at `url`. A
  /// store that nobody else can open does nothing.
  virtual void announce(std::string_view /*url*/) {}

  /// What the threads behind the stores are doing, for the metrics page; valid as long as this.
  virtual std::vector<observability::Figure> figures() = 0;

  /// The process ends: what takes many transactions is broken off after the one under way, with
  /// kUnavailable. From any thread. A store that has nothing of the kind does nothing.
  virtual void hurry() noexcept {}
};

/// Opens the database named by `options.url`, makes it where it is missing, applies migrations.
///
/// `listener` hears of every change and must outlive the stores. So must `log`, unless it is null:
/// it is told why changes are refused. Fails with kInvalid for a URL or path that cannot be used
/// and for a log that belongs to another file, with kConflict when another process writes to the
/// file (the message says what to do, `detail` is what it announced), kUnavailable when the
/// database does not answer, kInternal when a migration fails.
Result<std::unique_ptr<Stores>> open_stores(const StoreOptions& options,
                                            ChangeListener& listener,
                                            observability::Log* log = nullptr);

/// The database as it is now, to be read while another process may serve it. Fails with kInvalid
/// when it does not exist, is in memory, or lacks migrations; kUnavailable when it does not answer.
Result<std::unique_ptr<Snapshot>> open_snapshot(const StoreOptions& options);

/// What rows are kept with: `SQLite 3.40.1`, the library that this process runs with.
std::string engine_version();

/// One migration and whether the database has it.
struct MigrationState {
  std::uint32_t number = 0;
  std::string name;
  bool applied = false;
};

/// Every migration in order, without making or changing anything. Fails as open_stores does, and
/// with kInvalid when the database is newer than this binary.
Result<std::vector<MigrationState>> look_at_migrations(const StoreOptions& options);

/// The same after what was missing is applied.
Result<std::vector<MigrationState>> migrate(const StoreOptions& options);

}  // namespace ginnel::storage
