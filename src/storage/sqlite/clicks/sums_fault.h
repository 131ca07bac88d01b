// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "storage/click_store.h"
#include "storage/click_sums.h"
#include "storage/sqlite/clicks/link_day.h"
#include "storage/sqlite/engine/connection.h"

namespace ginnel::storage::sqlite {

/// `link 7, 2026-11-25T10:15`
std::string text_of_stretch(std::int64_t link, std::int64_t stretch);

/// `link 7, 2026-11-25`
std::string text_of_day(const DayOfLink& day);

/// How the sums that are kept of a stretch or a day differ from what was counted, figure by figure;
/// `kept` are the bytes of the row, or none. At least one fault; texts of values are looked up.
Result<std::vector<RollupFault>> sums_faults(Connection& database,
                                             const std::string& place,
                                             std::string_view kept,
                                             const ClickSums& counted);

}  // namespace ginnel::storage::sqlite
