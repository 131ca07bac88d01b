// SPDX-License-Identifier: MIT
#include "storage/sqlite/stores.h"

namespace ginnel::storage::sqlite {

Task<Result<Done>> Stores::ping(CallContext call) {
  auto work = [this](Connection& database) -> Result<Done> {
    if (auto refusal = engine_->refusal()) {
      return std::move(*refusal);
    }
    // A row, not a constant: SQLite answers `SELECT 1` without a look at the file.
    auto row = database.exists("SELECT value FROM sequences WHERE name = 'event'");
    if (!row) {
      return std::move(row).error();
    }
    return Done();
  };
  return engine_->read(work, call.deadline);
}

}  // namespace ginnel::storage::sqlite
