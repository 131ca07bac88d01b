// SPDX-License-Identifier: MIT
#pragma once

#include "storage/import_store.h"
#include "storage/sqlite/engine/engine.h"

namespace ginnel::storage::sqlite {

/// Imports into SQLite. Other changes wait while one runs; reads do not.
class ImportStore final : public storage::ImportStore {
 public:
  /// `engine` must outlive this.
  explicit ImportStore(Engine& engine) : engine_(engine) {}

  Task<Result<change::ImportCounts>> import(change::ImportOrigin origin,
                                            ImportSource source,
                                            ImportObserver observer,
                                            change::Context by) override;

 private:
  Engine& engine_;
};

}  // namespace ginnel::storage::sqlite
