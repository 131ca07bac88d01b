// SPDX-License-Identifier: MIT
#include "storage/examination.h"

#include "storage/sqlite/file/file_lock.h"
#include "storage/sqlite/upkeep/examination.h"

namespace ginnel::storage {

Result<Examination> examine(const StoreOptions& options, const ExaminationRules& rules) {
  const auto location = sqlite::parse_url(options.url);
  if (!location) {
    return location.error();
  }
  return sqlite::examine(*location, rules);
}

std::string server_url(const StoreOptions& options) {
  const auto location = sqlite::parse_url(options.url);
  const bool is_served =
      location && !location->in_memory() && sqlite::FileLock::holder(location->path).has_value();
  return is_served ? sqlite::FileLock::announced(location->path) : std::string();
}

}  // namespace ginnel::storage
