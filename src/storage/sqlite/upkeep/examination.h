// SPDX-License-Identifier: MIT
#pragma once

#include "storage/examination.h"
#include "storage/sqlite/file/database.h"

namespace ginnel::storage::sqlite {

/// examination.h's, for SQLite.
Examination examine(const Location& location, const ExaminationRules& rules);

}  // namespace ginnel::storage::sqlite
