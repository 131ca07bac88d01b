// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "storage/snapshot.h"
#include "storage/sqlite/file/database.h"

namespace ginnel::storage {

/// One read transaction on an SQLite file. Fails as open_snapshot does.
Result<std::unique_ptr<Snapshot>> open_sqlite_snapshot(const SqliteLocation& location);

}  // namespace ginnel::storage
