// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "base/whole_file.h"
#include "domain/timestamp.h"
#include "storage/options.h"

namespace ginnel::storage {

/// What a backup or a restore copied.
struct CopiedDatabase {
  std::string from;
  std::string to;
  std::uint64_t links = 0;
  std::uint64_t bytes = 0;
};

/// Copies the database, as it is at one instant, to the file `path`, which appears when the copy is
/// whole and was checked (PRAGMA integrity_check). Others may serve and change the database
/// meanwhile. The keys of the days' visitor hashes stay behind.
///
/// Fails with kConflict when `path` is there and `if_there` says kRefuse, when it is a database in
/// use, and when another backup writes it; with kInvalid when it cannot be written or there is no
/// database of ours; with kInternal when the copy is damaged, so the database is.
Result<CopiedDatabase> back_up(const StoreOptions& options,
                               const std::string& path,
                               WholeFile::IfThere if_there);

struct RestoredDatabase {
  CopiedDatabase copied;
  /// Where the database that was there is now, or what was left beside it when it was deleted;
  /// empty when there was neither.
  std::string kept;
};

/// Puts a checked copy of the backup at `path` in the database's place, in one step. What was there
/// stays beside it, as `PATH.replaced-20261125T214512Z`, named for the time `at`; so does the log
/// of a database that was deleted.
///
/// Fails with kConflict when somebody serves the database; with kInvalid when `path` is no backup
/// of ours or was made by a newer version; with kInternal when it is damaged. Then nothing has
/// changed.
Result<RestoredDatabase> restore(const StoreOptions& options,
                                 const std::string& path,
                                 domain::Timestamp at);

}  // namespace ginnel::storage
