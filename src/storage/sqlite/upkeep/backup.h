// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "base/result.h"
#include "base/whole_file.h"
#include "domain/timestamp.h"
#include "storage/backup.h"
#include "storage/sqlite/file/database.h"

namespace ginnel::storage::sqlite {

/// As storage::back_up.
Result<CopiedDatabase> back_up(const Location& location,
                               const std::string& path,
                               WholeFile::IfThere if_there);

/// As storage::restore.
Result<RestoredDatabase> restore(const Location& location,
                                 const std::string& path,
                                 domain::Timestamp at);

}  // namespace ginnel::storage::sqlite
