// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "base/result.h"
#include "storage/import_store.h"
#include "storage/sqlite/file/database.h"

namespace ginnel::storage::sqlite {

/// See storage::open_import_rehearsal.
Result<std::unique_ptr<storage::ImportStore>> open_import_rehearsal(const Location& location);

}  // namespace ginnel::storage::sqlite
