// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "storage/examination.h"
#include "storage/sqlite/sqlite_database.h"

namespace ginnel::storage {

/// examination.h's, for SQLite.
Examination examine_sqlite(const SqliteLocation& location, const std::vector<std::string>& words);

}  // namespace ginnel::storage
