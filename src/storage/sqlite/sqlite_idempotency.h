// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "change/context.h"
#include "domain/timestamp.h"
#include "storage/sqlite/sqlite_connection.h"
#include "storage/sqlite/sqlite_trail.h"

namespace ginnel::storage {

/// What the row was when it was made that a request made before. What the request itself says of
/// it, the repeated one says too.
struct EarlierCreation {
  std::int64_t id = 0;
  domain::Timestamp at;
  std::string code;  ///< of a link
};

/// What was made under the key of `by` in the last day, or nothing; nothing without a key. Fails
/// with kKeyReused when that was another request's.
Result<std::optional<EarlierCreation>> find_earlier(SqliteConnection& database,
                                                    const change::Context& by);

/// Adds the row of the trail about what was made and, where there is one, the key of `by`; forgets
/// some of the keys that are too old.
Result<Done> add_creation(SqliteConnection& database,
                          const change::Context& by,
                          const AuditRow& row);

}  // namespace ginnel::storage
