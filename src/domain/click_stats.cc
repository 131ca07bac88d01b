// SPDX-License-Identifier: MIT
#include "domain/click_stats.h"

#include <algorithm>
#include <utility>

namespace ginnel::domain {

ClickStats empty_stats(const StatsQuery& query) {
  ClickStats stats;
  for (std::size_t bucket = 0; bucket + 1 < query.bounds.size(); ++bucket) {
    stats.buckets.push_back({query.bounds[bucket], {}, 0});
  }
  return stats;
}

void keep_most(std::vector<StatsValue>& values, std::size_t count) {
  std::ranges::sort(values, [](const StatsValue& one, const StatsValue& other) {
    return std::pair(other.count.clicks, std::string_view(one.value)) <
           std::pair(one.count.clicks, std::string_view(other.value));
  });
  values.resize(std::min(values.size(), count));
}

Result<Done> check_bounds(const std::vector<Timestamp>& bounds) {
  const auto is_inside = [](Timestamp at) { return stretch_of(at) != at; };
  const auto descends = [](Timestamp one, Timestamp next) { return one >= next; };
  if (std::ranges::none_of(bounds, is_inside) &&
      std::ranges::adjacent_find(bounds, descends) == bounds.end()) {
    return Done();
  }
  return Error(ErrorKind::kInvalid, "The bounds must ascend by quarters of an hour");
}

}  // namespace ginnel::domain
