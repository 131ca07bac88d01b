// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "domain/click_stats.h"
#include "domain/hyperloglog.h"
#include "storage/sqlite/clicks/click_rollups.h"
#include "storage/sqlite/clicks/daily_values.h"

namespace ginnel::storage::sqlite {

/// The key of click_rollups, without the link.
struct RollupKey {
  std::int64_t stretch = 0;
  std::int64_t dimension = 0;  ///< in a damaged row it may be none of domain::Dimension
  std::int64_t value = 0;

  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 takes <=> with 0 for a pointer
  friend auto operator<=>(const RollupKey&, const RollupKey&) = default;
};

/// The other columns of click_rollups.
struct Rollup {
  domain::ClickCount count;
  std::string visitors;  ///< a domain::HyperLogLog, encoded; empty for NULL

  friend bool operator==(const Rollup&, const Rollup&) = default;
};

/// What the clicks of one link on one day add up to: what the rows of that day must be.
class CountedDay final {
 public:
  /// Adds a click; they come in the order of their ids.
  void add(const CountedClick& click) {
    const std::int64_t stretch = click.stretch.time_since_epoch().count();
    add(RollupKey{stretch, 0, 0}, click);
    for (const domain::Dimension dimension : kDimensions) {
      std::int64_t value = click.values[static_cast<std::size_t>(dimension)];
      if (is_limited(dimension)) {
        value = values_.admit(dimension, value);
      }
      add(RollupKey{stretch, static_cast<std::int64_t>(dimension), value}, click);
    }
    if (click.shows_visitor()) {
      people_[stretch].add(click.visitor);
    }
  }

  /// The keys of all rows that there must be, in order, with their counts.
  const std::map<RollupKey, domain::ClickCount>& counts() const noexcept { return counts_; }

  /// What the row must be; zeros when there must be none.
  Rollup row(const RollupKey& key) const {
    Rollup row;
    if (const auto found = counts_.find(key); found != counts_.end()) {
      row.count = found->second;
    }
    const auto found = people_.find(key.stretch);
    if (key == RollupKey{key.stretch, 0, 0} && found != people_.end()) {
      row.visitors = found->second.encoded();
    }
    return row;
  }

  const DailyValues& values() const noexcept { return values_; }

 private:
  void add(const RollupKey& key, const CountedClick& click) {
    counts_[key] += {1, click.human ? 1U : 0U};
  }

  std::map<RollupKey, domain::ClickCount> counts_;
  std::map<std::int64_t, domain::HyperLogLog> people_;  ///< by stretch
  DailyValues values_;
};

}  // namespace ginnel::storage::sqlite
