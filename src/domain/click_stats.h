// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <ratio>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/ids.h"
#include "domain/timestamp.h"

namespace ginnel::domain {

/// Clicks are summed up in stretches of this length: the finest that every time zone's days begin
/// on (some are half or three quarters of an hour off).
inline constexpr std::chrono::minutes kRollupLength{15};
inline constexpr std::int64_t kStretchesADay = std::chrono::days(1) / kRollupLength;

/// The instant a stretch begins, and at once its number, counted from 1970 (UTC).
using Stretch = std::chrono::sys_time<std::chrono::duration<std::int64_t, std::ratio<900>>>;

/// The stretch that `at` lies in.
constexpr Stretch stretch_of(Timestamp at) noexcept {
  return std::chrono::floor<Stretch::duration>(at);
}

/// The day (UTC) that a stretch lies in.
constexpr std::chrono::sys_days day_of(Stretch stretch) noexcept {
  return std::chrono::floor<std::chrono::days>(stretch);
}

/// By what clicks are told apart.
enum class Dimension : std::uint8_t {
  kAll = 0,  ///< not at all: one value, the empty text
  kReferrer = 1,
  kCountry = 2,
  kDevice = 3,
  kBrowser = 4,
  kSystem = 5,
  kBotClass = 6,
};

inline constexpr std::size_t kDimensionCount = 7;

/// Values of a dimension that one link keeps a day (UTC), those that came first; clicks with
/// further values are counted under kOtherValue, which is not one of them.
inline constexpr std::size_t kMaxDailyValues = 1'000;
inline constexpr std::string_view kOtherValue = "(other)";

/// Which figures of a link.
struct StatsQuery {
  LinkId link;

  /// Where the buckets begin, in ascending order, and the end of the last one: N + 1 instants for N
  /// buckets. Each is a multiple of kRollupLength.
  std::vector<Timestamp> bounds;

  /// Values to give of each dimension, those with the most clicks first.
  std::size_t values = 100;
};

/// Clicks of all kinds, and how many of them people made (BotClass::kHuman).
struct ClickCount {
  std::uint64_t clicks = 0;
  std::uint64_t humans = 0;

  ClickCount& operator+=(const ClickCount& more) noexcept {
    clicks += more.clicks;
    humans += more.humans;
    return *this;
  }

  friend bool operator==(const ClickCount&, const ClickCount&) = default;
};

/// How many people came, estimated (HyperLogLog), each counted once a day: the days' sum, since a
/// visitor's hash is another one every day. Days are UTC's, whatever zone the bounds follow: a
/// bucket that reaches into two of them counts one who came in both parts twice. Clicks whose
/// visitor is unknown or is no human are not in it.
using DailyVisitors = std::uint64_t;

struct StatsBucket {
  Timestamp begin;
  ClickCount count;
  DailyVisitors daily_visitors = 0;
};

struct StatsValue {
  std::string value;  ///< empty: unknown
  ClickCount count;
};

/// What was counted of a link between the first bound of a query and its last.
struct ClickStats {
  ClickCount total;

  /// Of the whole time, not the buckets' sum: one who came in two hours of a day counts once here
  /// and once in each hour.
  DailyVisitors daily_visitors = 0;

  std::vector<StatsBucket> buckets;

  /// By Dimension, those with the most clicks first, equal ones by the bytes of their texts. kAll
  /// has none: it is `total`.
  std::array<std::vector<StatsValue>, kDimensionCount> values;
};

/// The figures of a link without clicks.
ClickStats empty_stats(const StatsQuery& query);

/// Puts values in their order and keeps the first so many.
void keep_most(std::vector<StatsValue>& values, std::size_t count);

/// Fails with kInvalid when the bounds do not ascend or are no quarters of an hour.
Result<Done> check_bounds(const std::vector<Timestamp>& bounds);

}  // namespace ginnel::domain
