// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

namespace ginnel::storage {

/// What a backup or a restore copied.
struct CopiedDatabase {
  std::string from;
  std::string to;
  std::uint64_t links = 0;
  std::uint64_t bytes = 0;
};

/// What a restore did.
struct RestoredDatabase {
  CopiedDatabase copied;
  /// Where the database that was there is now, or what was left beside it when it was deleted;
  /// empty when there was neither.
  std::string kept;
};

}  // namespace ginnel::storage
