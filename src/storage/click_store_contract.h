// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "storage/store_contract.h"

namespace ginnel::storage {

/// What every ClickStore must do.
class ClickStoreContract : public StoreContract {
 protected:
  /// 2027-01-16T00:00:00, in the seconds that `at` counts.
  static constexpr std::int64_t kMidnight = 57'600;
  static constexpr std::int64_t kQuarter = 900;
  static constexpr std::int64_t kDay = 86'400;

  void SetUp() override {
    StoreContract::SetUp();
    link_ = this->add_link(this->add_user("owner").id, "abc123");  // leaves event 1
  }

  domain::Click click(std::int64_t second = 100) { return this->click_of(link_, second); }

  std::vector<domain::Click> clicks_at(const std::vector<std::int64_t>& seconds) {
    return each(seconds, [this](std::int64_t second) { return click(second); });
  }

  Result<ShipOutcome> ship_as(const std::string& segment, std::uint64_t from, std::uint64_t to) {
    ClickBatch batch = {segment, from, to, false, {click()}};
    return run_blocking_task(this->clicks().ship_one(std::move(batch), {}));
  }

  SegmentCursor cursor(const std::string& segment) {
    auto found = run_blocking_task(this->clicks().cursor(segment, {}));
    EXPECT_TRUE(found) << found.error().detail;
    return found.value();
  }

  /// The figures of the test's link between seconds, cut into buckets there.
  domain::ClickStats stats(const std::vector<std::int64_t>& seconds, std::size_t values = 100) {
    domain::StatsQuery query;
    query.link = link_.id;
    query.bounds = each(seconds, [this](std::int64_t second) { return this->at(second); });
    query.values = values;
    auto found = run_blocking_task(this->clicks().stats(std::move(query), {}));
    EXPECT_TRUE(found) << found.error().message << ": " << found.error().detail;
    return found ? *found : domain::ClickStats();
  }

  std::uint64_t clicks_in_all() { return stats({0, 10 * kDay}).total.clicks; }

  /// `text: clicks, humans` of each value.
  static std::vector<std::string> told(const domain::ClickStats& stats, domain::Dimension by) {
    return each(stats.values[static_cast<std::size_t>(by)], [](const domain::StatsValue& value) {
      return value.value + ": " + std::to_string(value.count.clicks) + ", " +
             std::to_string(value.count.humans);
    });
  }

  domain::Link link_;
};

}  // namespace ginnel::storage
