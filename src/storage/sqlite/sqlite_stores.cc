// SPDX-License-Identifier: MIT
#include "storage/sqlite/sqlite_stores.h"

namespace ginnel::storage {

Task<Result<Done>> SqliteStores::ping() {
  auto work = [](SqliteConnection& database) -> Result<Done> {
    // A row, not a constant: SQLite answers `SELECT 1` without a look at the file.
    auto row = database.exists("SELECT value FROM sequences WHERE name = 'event'");
    if (!row) {
      return std::move(row).error();
    }
    return Done();
  };
  return engine_->read(work);
}

}  // namespace ginnel::storage
