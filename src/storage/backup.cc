// SPDX-License-Identifier: MIT
#include "storage/backup.h"

#include <utility>

#include "storage/sqlite/upkeep/backup.h"

namespace ginnel::storage {

Result<CopiedDatabase> back_up(const StoreOptions& options,
                               const std::string& path,
                               WholeFile::IfThere if_there) {
  auto location = parse_sqlite_url(options.url);
  if (!location) {
    return std::move(location).error();
  }
  return back_up_sqlite(*location, path, if_there);
}

Result<RestoredDatabase> restore(const StoreOptions& options,
                                 const std::string& path,
                                 domain::Timestamp at) {
  auto location = parse_sqlite_url(options.url);
  if (!location) {
    return std::move(location).error();
  }
  return restore_sqlite(*location, path, at);
}

}  // namespace ginnel::storage
