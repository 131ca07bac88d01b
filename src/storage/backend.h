// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "base/result.h"
#include "base/task.h"
#include "base/whole_file.h"
#include "domain/timestamp.h"
#include "observability/log.h"
#include "storage/backup.h"
#include "storage/change_listener.h"
#include "storage/examination.h"
#include "storage/options.h"
#include "storage/snapshot.h"
#include "storage/stores.h"

namespace ginnel::storage {

/// The loops on which the stores' calls are awaited, by core; those of a command are one. What a
/// store keeps connected may live there, so they outlive it.
using Executors = std::vector<asio::any_io_executor>;

/// One kind of database: every way into it. Calls block; `options.url` is one of its own.
///
///     auto copied = backend_of(options).back_up(options, path, WholeFile::IfThere::kRefuse);
///
/// Another kind is a class of its own and a row in the table of backend.cc. Has no state; used by
/// any thread.
class Backend {
 public:
  Backend() = default;
  Backend(const Backend&) = delete;
  Backend& operator=(const Backend&) = delete;
  virtual ~Backend() = default;

  /// What rows are kept with, and its version: `SQLite 3.40.1`.
  virtual std::string engine() const = 0;

  /// Opens the database, makes it where it is missing, applies migrations.
  ///
  /// `listener` hears of every change and must outlive the stores. So must `log`, unless it is
  /// null: it is told why changes are refused. Fails with kInvalid for a URL or path that cannot be
  /// used and for a log that belongs to another file, with kConflict when another process writes to
  /// the file (the message says what to do, `detail` is what it announced), kUnavailable when the
  /// database does not answer, kInternal when a migration fails.
  virtual Result<std::unique_ptr<Stores>> open_stores(const StoreOptions& options,
                                                      ChangeListener& listener,
                                                      const Executors& executors,
                                                      observability::Log* log) const = 0;

  /// The database as it is now, to be read while another process may serve it. Fails with kInvalid
  /// when it does not exist, is in memory, or lacks migrations; kUnavailable when it does not
  /// answer.
  virtual Result<std::unique_ptr<Snapshot>> open_snapshot(const StoreOptions& options) const = 0;

  /// A store that tells what an import would make of each row in the database as it is now, and
  /// writes nothing there. Another process may serve it meanwhile. What was added stands in the way
  /// of what is added later, as it would; to commit or not is the same. Where there is no database
  /// yet, it is an empty one. Memory is constant. Used by one thread at a time; its calls block.
  ///
  /// Fails with kInvalid for a URL that cannot be used and a database that lacks migrations,
  /// kUnavailable when it does not answer.
  virtual Result<std::unique_ptr<ImportStore>> open_import_rehearsal(
      const StoreOptions& options) const = 0;

  /// Every migration in order, without making or changing anything. Fails as open_stores does, and
  /// with kInvalid when the database is newer than this binary.
  virtual Result<std::vector<MigrationState>> look_at_migrations(
      const StoreOptions& options) const = 0;

  /// The same after what was missing is applied.
  virtual Result<std::vector<MigrationState>> migrate(const StoreOptions& options) const = 0;

  /// Copies the database, as it is at one instant, to the file `path`, which appears when the copy
  /// is whole and was checked (PRAGMA integrity_check). Others may serve and change the database
  /// meanwhile. The keys of the days' visitor hashes stay behind.
  ///
  /// Fails with kConflict when `path` is there and `if_there` says kRefuse, when it is a database
  /// in use, and when another backup writes it; with kInvalid when it cannot be written or there is
  /// no database of ours; with kInternal when the copy is damaged, so the database is.
  virtual Result<CopiedDatabase> back_up(const StoreOptions& options,
                                         const std::string& path,
                                         WholeFile::IfThere if_there) const = 0;

  /// Puts a checked copy of the backup at `path` in the database's place, in one step. What was
  /// there stays beside it, as `PATH.replaced-20261125T214512Z`, named for the time `at`; so does
  /// the log of a database that was deleted.
  ///
  /// Fails with kConflict when somebody serves the database; with kInvalid when `path` is no backup
  /// of ours or was made by a newer version; with kInternal when it is damaged. Then nothing has
  /// changed.
  virtual Result<RestoredDatabase> restore(const StoreOptions& options,
                                           const std::string& path,
                                           domain::Timestamp at) const = 0;

  /// Looks at the whole database, in the time that reading it takes; makes and changes nothing.
  /// Fails with kInvalid for a URL that is none.
  virtual Result<Examination> examine(const StoreOptions& options,
                                      const ExaminationRules& rules) const = 0;

  /// Where the process that serves the database says it is asked; empty when there is none, or it
  /// has not said so.
  virtual std::string server_url(const StoreOptions& options) const = 0;
};

/// The backend for this database, by the scheme of `options.url`. One that is in no row of the
/// table gets the first, which refuses it.
const Backend& backend_of(const StoreOptions& options);

/// All engines, as `ginnel version` tells them.
std::string engines();

}  // namespace ginnel::storage
