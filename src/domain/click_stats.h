// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "domain/ids.h"
#include "domain/timestamp.h"

namespace ginnel::domain {

/// Clicks are summed up in stretches of this length: the finest that every time zone's days begin
/// on (some are half or three quarters of an hour off).
inline constexpr std::chrono::minutes kRollupLength{15};

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

/// Values of a dimension that one link keeps a day (UTC); clicks with further values are counted
/// under kOtherValue.
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

  friend bool operator==(const ClickCount&, const ClickCount&) = default;
};

struct StatsBucket {
  Timestamp begin;
  ClickCount count;
  std::uint64_t daily_visitors = 0;  ///< people, estimated; each counted anew every day (UTC)
};

struct StatsValue {
  std::string value;  ///< empty: unknown
  ClickCount count;
};

/// What was counted of a link between two instants.
struct ClickStats {
  ClickCount total;
  std::uint64_t daily_visitors = 0;
  std::vector<StatsBucket> buckets;
  std::array<std::vector<StatsValue>, kDimensionCount> values;  ///< by Dimension; kAll is empty
};

}  // namespace ginnel::domain
