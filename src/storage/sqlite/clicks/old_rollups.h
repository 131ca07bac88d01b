// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "base/result.h"
#include "storage/click_sums.h"
#include "storage/sqlite/clicks/link_day.h"
#include "storage/sqlite/engine/connection.h"

namespace ginnel::storage::sqlite {

// Sums in the form before schema 8: a row of click_rollups for each value of a stretch, and
// daily_values. A day of a link is wholly in this form or wholly in link_sums.

/// A day that is in the old form, the first of the first link; nothing when none is.
Result<std::optional<DayOfLink>> first_old_day(Connection& database);

/// The stretches of a link in the old form, from number `from` on and below `to`. Damaged people
/// count as none: `ginnel verify` finds them.
Result<std::map<std::int64_t, ClickSums>> old_stretches(Connection& database,
                                                        std::int64_t link,
                                                        std::int64_t from,
                                                        std::int64_t to);

/// Moves a day from the old form to today's, inside a transaction; gives its link, or 0 when no day
/// is in the old form.
Result<std::int64_t> move_old_day(Connection& database);

/// Deletes the old form of a day, inside a transaction.
Result<Done> delete_old_day(Connection& database, const DayOfLink& day);

}  // namespace ginnel::storage::sqlite
