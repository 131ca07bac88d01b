// SPDX-License-Identifier: MIT
#pragma once

#include "storage/examination.h"
#include "storage/sqlite/file/database.h"

namespace ginnel::storage {

/// examination.h's, for SQLite.
Examination examine_sqlite(const SqliteLocation& location, const ExaminationRules& rules);

}  // namespace ginnel::storage
