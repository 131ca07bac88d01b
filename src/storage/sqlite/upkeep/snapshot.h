// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "storage/snapshot.h"
#include "storage/sqlite/file/database.h"

namespace ginnel::storage::sqlite {

/// One read transaction on an SQLite file. Fails as open_snapshot does.
Result<std::unique_ptr<storage::Snapshot>> open_snapshot(const Location& location);

}  // namespace ginnel::storage::sqlite
