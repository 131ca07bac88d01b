// SPDX-License-Identifier: MIT
#include "storage/examination.h"

#include "storage/sqlite/sqlite_examination.h"

namespace ginnel::storage {

Result<Examination> examine(const StoreOptions& options, const std::vector<std::string>& words) {
  const auto location = parse_sqlite_url(options.url);
  if (!location) {
    return location.error();
  }
  return examine_sqlite(*location, words);
}

}  // namespace ginnel::storage
