// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>

#include "domain/click_stats.h"
#include "domain/hyperloglog.h"
#include "storage/sqlite/daily_values.h"
#include "storage/sqlite/sqlite_click_rollups.h"

namespace ginnel::storage {

/// The key of click_rollups, without the link.
struct RollupKey {
  std::int64_t stretch = 0;
  std::int64_t dimension = 0;  ///< a number that may be none of domain::Dimension
  std::int64_t value = 0;

  friend auto operator<=>(const RollupKey&, const RollupKey&) = default;
};

/// What the clicks of one link on one day add up to: what the rows of that day must be.
struct CountedDay {
  std::map<RollupKey, domain::ClickCount> rollups;
  std::map<std::int64_t, domain::HyperLogLog> sketches;  ///< by stretch
  DailyValues values;

  /// Adds a click; they come in the order of their ids.
  void add(const CountedClick& click) {
    const std::int64_t stretch = click.stretch.time_since_epoch().count();
    for (const domain::Dimension dimension : kDimensions) {
      std::int64_t value = click.values[static_cast<std::size_t>(dimension)];
      if (is_limited(dimension)) {
        value = values.admit(dimension, value);
      }
      const RollupKey key = {stretch, static_cast<std::int64_t>(dimension), value};
      domain::ClickCount& count = rollups[key];
      ++count.clicks;
      count.humans += click.human ? 1 : 0;
    }
    if (click.shows_visitor()) {
      sketches[stretch].add(click.visitor);
    }
  }
};

}  // namespace ginnel::storage
