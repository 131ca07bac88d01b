// SPDX-License-Identifier: MIT
#pragma once

#include "storage/import_store.h"
#include "storage/sqlite/engine/engine.h"

namespace ginnel::storage {

/// Imports into SQLite. Other changes wait while one runs; reads do not.
class SqliteImportStore final : public ImportStore {
 public:
  /// `engine` must outlive this.
  explicit SqliteImportStore(SqliteEngine& engine) : engine_(engine) {}

  Task<Result<change::ImportCounts>> import(change::ImportOrigin origin,
                                            ImportSource source,
                                            ImportObserver observer,
                                            change::Context by) override;

 private:
  SqliteEngine& engine_;
};

}  // namespace ginnel::storage
