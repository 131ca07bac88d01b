// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/click.h"
#include "domain/click_stats.h"
#include "domain/hyperloglog.h"
#include "storage/sqlite/clicks/daily_values.h"
#include "storage/sqlite/engine/connection.h"

namespace ginnel::storage::sqlite {

/// What the rollups need of a click.
struct CountedClick {
  domain::LinkId link;
  domain::Stretch stretch;
  bool human = false;
  std::uint64_t visitor = 0;  ///< 0: unknown

  /// By Dimension, as the column `value` has them, when the day has room for them.
  std::array<std::int64_t, domain::kDimensionCount> values{};

  /// Whether the visitors of its stretch must show it.
  bool shows_visitor() const noexcept { return human && visitor != 0; }
};

/// Every dimension but kAll, in the order of the rollups' key.
inline constexpr std::array<domain::Dimension, domain::kDimensionCount - 1> kDimensions = {
    domain::Dimension::kReferrer,
    domain::Dimension::kCountry,
    domain::Dimension::kDevice,
    domain::Dimension::kBrowser,
    domain::Dimension::kSystem,
    domain::Dimension::kBotClass,
};

/// Adds clicks to click_rollups and daily_values, inside a transaction.
///
/// The clicks of a batch are added up in memory first, and rows are changed in the order of their
/// keys: what lies on one page is changed while it is at hand.
class ClickRollups final {
 public:
  explicit ClickRollups(Connection& database);

  /// Adds `clicks`, which are in the order of their ids.
  Result<Done> add(std::span<const CountedClick> clicks);

 private:
  /// Where a click is in the batch, sorted by link, stretch and place.
  struct Place {
    std::int64_t link = 0;
    std::int64_t stretch = 0;
    std::size_t index = 0;

    friend auto operator<=>(const Place&, const Place&) = default;
  };

  /// Clicks of a stretch that have one value of one dimension.
  struct Sum {
    std::int64_t stretch = 0;
    domain::Dimension dimension = domain::Dimension::kAll;
    std::int64_t value = 0;
    domain::ClickCount count;
    std::size_t first = 0;  ///< the place of the first of them in the batch
  };

  Result<Done> add_day(std::span<const Place> places);
  Result<Done> add_stretch(std::span<const Place> places);
  Result<Done> add_all(std::span<const Place> places);
  Result<std::optional<std::string>> more_visitors(std::span<const Place> places);
  Result<Done> add_dimension(std::span<const Place> places, domain::Dimension dimension);
  Result<Done> add_sum(std::int64_t link, const Sum& sum);
  Result<Done> add_new_values(std::int64_t link, std::int64_t day);
  Result<Done> upsert(std::int64_t link, const Sum& sum);

  Connection& database_;
  Statement update_;
  Statement upsert_;
  Statement find_visitors_;
  Statement upsert_visitors_;
  std::span<const CountedClick> clicks_;
  std::vector<Sum> sums_;        ///< of one dimension of one stretch
  std::vector<Sum> new_values_;  ///< of one day: their stretches have no such row
};

}  // namespace ginnel::storage::sqlite
