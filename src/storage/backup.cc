// SPDX-License-Identifier: MIT
#include "storage/backup.h"

#include <utility>

#include "storage/sqlite/upkeep/backup.h"

namespace ginnel::storage {

Result<CopiedDatabase> back_up(const StoreOptions& options,
                               const std::string& path,
                               WholeFile::IfThere if_there) {
  auto location = sqlite::parse_url(options.url);
  if (!location) {
    return std::move(location).error();
  }
  return sqlite::back_up(*location, path, if_there);
}

Result<RestoredDatabase> restore(const StoreOptions& options,
                                 const std::string& path,
                                 domain::Timestamp at) {
  auto location = sqlite::parse_url(options.url);
  if (!location) {
    return std::move(location).error();
  }
  return sqlite::restore(*location, path, at);
}

}  // namespace ginnel::storage
