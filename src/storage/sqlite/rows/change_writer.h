// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "change/change.h"
#include "storage/sqlite/engine/writer.h"

namespace ginnel::storage::sqlite {

/// Writes all of `change`, and notes what is to be forgotten with the commit. Fails with kConflict
/// when a constraint is in the way of a new row: which one, whoever wants to know asks then.
Result<Done> write(const Transaction& transaction, const change::Change& change);

/// The number of the next row of `table`, users or links. Fails as `new_id`.
Result<std::int64_t> next_id(Connection& database, std::string_view table);

/// change::earlier_creation of what is kept.
Result<std::optional<change::KeptKey>> find_earlier(Connection& database,
                                                    const change::Context& by);

}  // namespace ginnel::storage::sqlite
