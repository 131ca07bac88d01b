// SPDX-License-Identifier: MIT
#include "storage/sqlite/clicks/click_stats.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "domain/click.h"
#include "domain/hyperloglog.h"

namespace ginnel::storage::sqlite {

namespace {

using domain::ClickCount;
using domain::Dimension;
using domain::Stretch;

std::int64_t number_of(Stretch stretch) noexcept {
  return stretch.time_since_epoch().count();
}

/// Estimates people day by day, from what stretches have, in their order.
class DailyVisitorCount final {
 public:
  void add(Stretch stretch, const domain::HyperLogLog& people) {
    if (domain::day_of(stretch) != day_) {
      end_day();
      day_ = domain::day_of(stretch);
    }
    people_.merge(people);
  }

  /// Ends the count, which may begin anew then.
  domain::DailyVisitors take() {
    end_day();
    return std::exchange(sum_, 0);
  }

 private:
  void end_day() { sum_ += std::exchange(people_, domain::HyperLogLog()).estimate(); }

  std::chrono::sys_days day_{};
  domain::HyperLogLog people_;  ///< of that day
  domain::DailyVisitors sum_ = 0;
};

/// Reads the figures of one query.
class StatsReading final {
 public:
  StatsReading(Connection& database, const domain::StatsQuery& query)
      : database_(database), query_(query), stats_(domain::empty_stats(query)) {}

  Result<domain::ClickStats> read() && {
    if (stats_.buckets.empty()) {
      return std::move(stats_);
    }
    auto done = read_rows();
    for (const Dimension dimension : {Dimension::kReferrer,
                                      Dimension::kCountry,
                                      Dimension::kDevice,
                                      Dimension::kBrowser,
                                      Dimension::kSystem,
                                      Dimension::kBotClass}) {
      if (done) {
        done = choose_values(dimension);
      }
    }
    if (!done) {
      return std::move(done).error();
    }
    return std::move(stats_);
  }

 private:
  using Counts = std::unordered_map<std::int64_t, ClickCount>;
  using Counted = std::pair<std::int64_t, ClickCount>;  ///< a value and its count

  static std::size_t place_of(Dimension dimension) noexcept {
    return static_cast<std::size_t>(dimension);
  }

  Result<Done> read_rows() {
    Statement rows = database_.prepare(
        "SELECT stretch, dimension, value, clicks, humans, visitors FROM click_rollups "
        "WHERE link_id = ? AND stretch >= ? AND stretch < ? ORDER BY stretch");
    rows.bind(query_.link.value);
    rows.bind(number_of(domain::stretch_of(query_.bounds.front())));
    rows.bind(number_of(domain::stretch_of(query_.bounds.back())));
    auto done = rows.each([this](const Row& row) { add_row(row); });
    stats_.buckets[bucket_].daily_visitors = in_bucket_.take();
    stats_.daily_visitors = in_all_.take();
    if (done && damaged_) {
      return Error(ErrorKind::kInternal,
                   "internal error",
                   "visitors of a link are damaged: run `ginnel verify --repair`");
    }
    return done;
  }

  void add_row(const Row& row) {
    const ClickCount count = {static_cast<std::uint64_t>(row.integer(3)),
                              static_cast<std::uint64_t>(row.integer(4))};
    const auto dimension = static_cast<std::size_t>(row.integer(1));
    if (dimension != place_of(Dimension::kAll)) {
      if (dimension < counts_.size()) {
        counts_[dimension][row.integer(2)] += count;
      }
      return;
    }
    const Stretch stretch(Stretch::duration{row.integer(0)});
    enter_bucket_of(stretch);
    stats_.buckets[bucket_].count += count;
    stats_.total += count;
    if (const std::string_view bytes = row.bytes(5); !bytes.empty()) {
      const auto people = domain::HyperLogLog::decode(bytes);
      damaged_ = damaged_ || !people;
      in_bucket_.add(stretch, people.value_or(domain::HyperLogLog()));
      in_all_.add(stretch, people.value_or(domain::HyperLogLog()));
    }
  }

  /// Rows come in the order of their stretches, so a bucket that was left is whole.
  void enter_bucket_of(Stretch stretch) {
    while (query_.bounds[bucket_ + 1] <= stretch) {
      stats_.buckets[bucket_].daily_visitors = in_bucket_.take();
      ++bucket_;
    }
  }

  /// Puts the values with the most clicks into their place. Any number may have as many as the last
  /// of them, for everybody can send referrers: texts are dropped again as they come.
  Result<Done> choose_values(Dimension dimension) {
    const Counts& counts = counts_[place_of(dimension)];
    std::vector<Counted> most(counts.begin(), counts.end());
    keep_most(most);
    std::vector<domain::StatsValue>& values = stats_.values[place_of(dimension)];
    for (const auto& [value, count] : most) {
      auto text = text_of(dimension, value);
      if (!text) {
        return std::move(text).error();
      }
      values.push_back(domain::StatsValue{std::move(*text), count});
      if (values.size() >= 2 * query_.values) {
        domain::keep_most(values, query_.values);
      }
    }
    domain::keep_most(values, query_.values);
    return Done();
  }

  /// Keeps the values that may be among the `query_.values` first: those with as many clicks as the
  /// last of them decide by their texts, which are only read for these.
  void keep_most(std::vector<Counted>& counts) const {
    if (query_.values == 0) {
      counts.clear();
    }
    if (counts.size() <= query_.values) {
      return;
    }
    const auto clicks = [](const Counted& counted) { return counted.second.clicks; };
    const auto last = counts.begin() + static_cast<std::ptrdiff_t>(query_.values) - 1;
    std::ranges::nth_element(counts, last, std::greater<>(), clicks);
    const std::uint64_t least = clicks(*last);
    std::erase_if(counts, [&](const Counted& counted) { return clicks(counted) < least; });
  }

  Result<std::string> text_of(Dimension dimension, std::int64_t value) {
    if (dimension == Dimension::kBotClass) {
      return std::string(domain::to_text(static_cast<domain::BotClass>(value)));
    }
    auto text = database_.first(
        "SELECT text FROM click_texts WHERE id = ?",
        [](const Row& row) { return row.text(0); },
        value);
    if (!text) {
      return std::move(text).error();
    }
    return std::move(*text).value_or(std::string());
  }

  Connection& database_;
  const domain::StatsQuery& query_;
  domain::ClickStats stats_;
  std::array<Counts, domain::kDimensionCount> counts_;
  std::size_t bucket_ = 0;
  DailyVisitorCount in_bucket_;
  DailyVisitorCount in_all_;
  bool damaged_ = false;
};

}  // namespace

Result<domain::ClickStats> find_click_stats(Connection& database, const domain::StatsQuery& query) {
  if (auto sound = domain::check_bounds(query.bounds); !sound) {
    return std::move(sound).error();
  }
  return StatsReading(database, query).read();
}

}  // namespace ginnel::storage::sqlite
