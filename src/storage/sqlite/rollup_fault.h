// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "domain/click_stats.h"
#include "domain/hyperloglog.h"
#include "storage/click_store.h"
#include "storage/sqlite/counted_day.h"
#include "storage/sqlite/daily_values.h"

namespace ginnel::storage {

/// A row of click_rollups that is not what was counted. `text` is the value's, and `counts` are
/// what is kept and what was counted.
RollupFault rollup_fault(std::int64_t link,
                         const RollupKey& key,
                         std::string_view text,
                         std::pair<domain::ClickCount, domain::ClickCount> counts);

/// A sketch that is not what was counted; `kept` is nothing when it is damaged.
RollupFault sketch_fault(std::int64_t link,
                         std::int64_t stretch,
                         const std::optional<domain::HyperLogLog>& kept,
                         const domain::HyperLogLog& counted);

/// A row of daily_values that is not what was counted; `kept` is nothing when it is damaged.
RollupFault values_fault(std::int64_t link,
                         std::int64_t day,
                         const std::optional<DailyValues>& kept,
                         const DailyValues& counted);

}  // namespace ginnel::storage
