// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "storage/click_store.h"
#include "storage/sqlite/clicks/counted_day.h"
#include "storage/sqlite/clicks/daily_values.h"

namespace ginnel::storage::sqlite {

/// A row of click_rollups.
struct RollupPlace {
  std::int64_t link = 0;
  RollupKey key;
  std::string_view text;  ///< of the value
};

/// A row of click_rollups that is not what was counted.
RollupFault rollup_fault(const RollupPlace& place, const Rollup& kept, const Rollup& counted);

/// A row of daily_values that is not what was counted; `kept` is nothing when it is damaged.
RollupFault values_fault(std::int64_t link,
                         std::int64_t day,
                         const std::optional<DailyValues>& kept,
                         const DailyValues& counted);

}  // namespace ginnel::storage::sqlite
