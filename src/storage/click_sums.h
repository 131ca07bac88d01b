// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/click_stats.h"
#include "domain/hyperloglog.h"

namespace ginnel::storage {

/// The number of a text that a store keeps once for all clicks; for domain::Dimension::kBotClass
/// the number of a domain::BotClass.
using TextId = std::uint32_t;

inline constexpr TextId kUnknownText = 0;  ///< the empty one
inline constexpr TextId kOtherText = 1;    ///< domain::kOtherValue

/// What the sums need of a click.
struct SummedClick {
  domain::LinkId link;
  domain::Stretch stretch;
  bool human = false;
  std::uint64_t visitor = 0;                             ///< 0: unknown
  std::array<TextId, domain::kDimensionCount> values{};  ///< by Dimension; that of kAll is 0
};

/// What the clicks of one link add up to in one stretch, or in several: how many there were, how
/// many people, and how often each value of each dimension came.
///
/// A store keeps it as one text of bytes, since a row for each value costs a database several times
/// as much (docs/performance.md): some 35 bytes for one click, and beside a sketch of 3 KiB at most
/// some 4 bytes for a value.
class ClickSums final {
 public:
  using Values = std::vector<std::pair<TextId, domain::ClickCount>>;  ///< by ascending numbers

  void add(const SummedClick& click);

  /// Afterwards this is the sum of both.
  void add(const ClickSums& other);

  /// Adds clicks that have this value, and people. The clicks of kAll are all of them.
  void add(domain::Dimension dimension, TextId value, const domain::ClickCount& count);
  void add(const domain::HyperLogLog& people) { people_.merge(people); }

  const domain::ClickCount& total() const noexcept { return total_; }
  const domain::HyperLogLog& people() const noexcept { return people_; }

  /// Those of one dimension; kAll has none.
  const Values& values(domain::Dimension dimension) const noexcept {
    return values_[static_cast<std::size_t>(dimension)];
  }

  /// Its bytes: the same clicks give the same ones, in whatever order they came.
  ///
  /// Numbers are as leb128.h has them. First a byte 1, the form; then clicks, humans, the length of
  /// the sketch and the sketch; then for each dimension behind kAll how many values it has, and for
  /// each value how much larger its number is than the one before it, its clicks and its humans.
  std::string encoded() const;

  /// What `encoded` gave, or nothing for other bytes.
  static std::optional<ClickSums> decode(std::string_view bytes);

  friend bool operator==(const ClickSums&, const ClickSums&) = default;

 private:
  domain::ClickCount total_;
  domain::HyperLogLog people_;
  std::array<Values, domain::kDimensionCount> values_;
};

/// Which values the limited dimensions of one link have had on one day (UTC), so that a client who
/// invents texts fills no database: at most domain::kMaxDailyValues each, those that came first.
/// They are those of the day's sums.
class DailyValues final {
 public:
  /// Takes note of what the day has.
  void add(const ClickSums& sums);

  /// Puts kOtherText in the place of the values that the day has no room for. Room that is taken
  /// stays taken.
  void admit(SummedClick& click);

 private:
  std::array<std::vector<TextId>, domain::kDimensionCount> values_;  ///< each sorted
};

}  // namespace ginnel::storage
