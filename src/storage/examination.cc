// SPDX-License-Identifier: MIT
#include "storage/examination.h"

#include "storage/sqlite/file/file_lock.h"
#include "storage/sqlite/upkeep/examination.h"

namespace ginnel::storage {

Result<Examination> examine(const StoreOptions& options, const ExaminationRules& rules) {
  const auto location = parse_sqlite_url(options.url);
  if (!location) {
    return location.error();
  }
  return examine_sqlite(*location, rules);
}

std::string server_url(const StoreOptions& options) {
  const auto location = parse_sqlite_url(options.url);
  const bool is_served =
      location && !location->in_memory() && FileLock::holder(location->path).has_value();
  return is_served ? FileLock::announced(location->path) : std::string();
}

}  // namespace ginnel::storage
