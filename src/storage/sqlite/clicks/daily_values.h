// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/click_stats.h"

namespace ginnel::storage::sqlite {

/// Whether a dimension's values are texts that clients can invent. The others have a few by nature
/// and no limit.
constexpr bool is_limited(domain::Dimension dimension) noexcept {
  return dimension != domain::Dimension::kAll && dimension != domain::Dimension::kBotClass;
}

/// Which values the limited dimensions of one link have had on one day: a row of daily_values.
class DailyValues final {
 public:
  /// The value under which a click with `value` is counted: itself when the dimension had it before
  /// or has room for it, which is taken; else kOtherText. `value` is an id of click_texts.
  std::int64_t admit(domain::Dimension dimension, std::int64_t value);

  /// How many values there are, of all dimensions.
  std::size_t size() const noexcept { return bytes_.size() / kEntryBytes; }

  /// In the form of the column `texts`.
  const std::string& encoded() const noexcept { return bytes_; }

  /// What `encoded` gave, or nothing for other bytes.
  static std::optional<DailyValues> decode(std::string_view bytes);

 private:
  static constexpr std::size_t kEntryBytes = 5;

  /// Whether the value is there; adds it when there is room.
  bool insert(domain::Dimension dimension, std::uint32_t value);

  std::string bytes_;  ///< in the order they came
  std::array<std::vector<std::uint32_t>, domain::kDimensionCount> values_;  ///< each sorted
};

}  // namespace ginnel::storage::sqlite
