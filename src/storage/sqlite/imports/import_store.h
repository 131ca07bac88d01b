// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "storage/import_store.h"
#include "storage/sqlite/engine/engine.h"

namespace ginnel::storage::sqlite {

/// Imports into SQLite. Other changes, and other imports, wait while one is under way; reads do
/// not, but of a database in memory.
class ImportStore final : public storage::ImportStore {
 public:
  /// `engine` must outlive this.
  explicit ImportStore(Engine& engine) : engine_(engine) {}

  Task<Result<std::unique_ptr<storage::Import>>> begin(change::ImportOrigin origin) override;

 private:
  Engine& engine_;
};

}  // namespace ginnel::storage::sqlite
