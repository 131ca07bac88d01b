// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "storage/backup.h"
#include "storage/sqlite/file/database.h"

namespace ginnel::storage {

/// As storage::back_up.
Result<CopiedDatabase> back_up_sqlite(const SqliteLocation& location,
                                      const std::string& path,
                                      WholeFile::IfThere if_there);

/// As storage::restore.
Result<RestoredDatabase> restore_sqlite(const SqliteLocation& location,
                                        const std::string& path,
                                        domain::Timestamp at);

}  // namespace ginnel::storage
