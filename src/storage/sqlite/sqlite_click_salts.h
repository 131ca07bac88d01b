// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <vector>

#include "base/result.h"
#include "storage/click_store.h"
#include "storage/sqlite/sqlite_writer.h"

namespace ginnel::storage {

/// The salts of `today` and the day after, made where they are missing. Older ones are deleted, and
/// nothing of them is left in the file or, soon after the commit, in the write-ahead log.
Result<std::vector<VisitorSalt>> keep_salts(const SqliteTransaction& transaction,
                                            std::chrono::sys_days today);

}  // namespace ginnel::storage
