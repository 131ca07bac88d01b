// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "storage/sqlite/clicks/link_day.h"
#include "storage/sqlite/engine/connection.h"

namespace ginnel::storage::sqlite {

// The sums of a link's whole days, so that a year is read from 365 rows and not from 35,040. A day
// has them when it has kManyStretches at least, and a click of a later day was summed up. They are
// made and kept up inside the transactions that change the stretches.

inline constexpr std::size_t kManyStretches = 8;

/// What the stretches add up to.
ClickSums whole_day(const LinkDay& day);

/// The bytes that are kept of a day, if any are.
Result<std::optional<std::string>> find_day_sums(Connection& database, const DayOfLink& day);

/// Makes the sums of the link's last day before this one, if they are due and not there.
Result<Done> make_sums_of_day_before(Connection& database, const DayOfLink& day);

/// Makes the sums of a day that is over, if it has many stretches.
Result<Done> make_day_sums(Connection& database, const LinkDay& day);

/// Brings those that are kept of a day into agreement with its stretches.
Result<Done> renew_day_sums(Connection& database, const LinkDay& day);

}  // namespace ginnel::storage::sqlite
