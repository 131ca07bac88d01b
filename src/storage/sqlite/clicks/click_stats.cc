// SPDX-License-Identifier: MIT
#include "storage/sqlite/clicks/click_stats.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "domain/click.h"
#include "domain/hyperloglog.h"
#include "storage/click_sums.h"
#include "storage/sqlite/clicks/click_summing.h"
#include "storage/sqlite/clicks/link_day.h"
#include "storage/sqlite/clicks/old_rollups.h"

namespace ginnel::storage::sqlite {

namespace {

using domain::ClickCount;
using domain::Dimension;
using domain::Stretch;

template <class Duration>
std::int64_t number_of(std::chrono::sys_time<Duration> time) noexcept {
  return time.time_since_epoch().count();
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

  /// Adds the sums of whole days where they can be used, and of stretches between them, in the
  /// order of time.
  Result<Done> read_rows() {
    auto done = read_unsummed();
    if (!done) {
      return done;
    }
    std::int64_t next = number_of(domain::stretch_of(query_.bounds.front()));
    const std::int64_t end = number_of(domain::stretch_of(query_.bounds.back()));
    Statement days = database_.prepare(
        "SELECT day, sums FROM day_sums WHERE link_id = ? AND day >= ? AND day < ? ORDER BY day");
    days.bind(query_.link.value);
    days.bind(number_of(std::chrono::ceil<std::chrono::days>(query_.bounds.front())));
    days.bind(number_of(std::chrono::floor<std::chrono::days>(query_.bounds.back())));
    Result<bool> more = days.step();
    while (done && more && *more) {
      const DayOfLink day = {query_.link.value, days.row().integer(0)};
      if (is_in_one_bucket(day) && !lacks_clicks(day)) {
        done = read_stretches(next, day.first_stretch());
        add_row(day.first_stretch(), days.row().bytes(1));
        next = day.end_stretch();
      }
      more = days.step();
    }
    if (done && more) {
      done = read_stretches(next, end);
    }
    stats_.buckets[bucket_].daily_visitors = in_bucket_.take();
    stats_.daily_visitors = in_all_.take();
    if (!more) {
      return std::move(more).error();
    }
    return done && is_damaged_ ? damaged_figures() : std::move(done);
  }

  /// What is not kept as it is to be counted: the days that lack clicks, and those in the form of
  /// older versions.
  Result<Done> read_unsummed() {
    const std::int64_t from = number_of(domain::stretch_of(query_.bounds.front()));
    const std::int64_t to = number_of(domain::stretch_of(query_.bounds.back()));
    auto unsummed = unsummed_stretches(database_, query_.link.value);
    if (!unsummed) {
      return std::move(unsummed).error();
    }
    auto old = old_stretches(database_, query_.link.value, from, to);
    if (!old) {
      return std::move(old).error();
    }
    unsummed_ = std::move(*unsummed);
    unsummed_.merge(*old);
    return Done();
  }

  bool lacks_clicks(const DayOfLink& day) const {
    const auto first = unsummed_.lower_bound(day.first_stretch());
    return first != unsummed_.end() && first->first < day.end_stretch();
  }

  bool is_in_one_bucket(const DayOfLink& day) const {
    const domain::Timestamp begin = Stretch(Stretch::duration(day.first_stretch()));
    const domain::Timestamp end = Stretch(Stretch::duration(day.end_stretch()));
    const auto bound = std::ranges::upper_bound(query_.bounds, begin);
    return bound != query_.bounds.end() && end <= *bound;
  }

  /// Adds the stretches from number `from` on and below `to`.
  Result<Done> read_stretches(std::int64_t from, std::int64_t to) {
    if (from == to) {
      return Done();
    }
    auto next = unsummed_.lower_bound(from);
    const auto add_unsummed_below = [&](std::int64_t end) {
      for (; next != unsummed_.end() && next->first < end; ++next) {
        add(next->first, next->second);
      }
    };
    Statement rows = database_.prepare(
        "SELECT stretch, sums FROM link_sums "
        "WHERE link_id = ? AND stretch >= ? AND stretch < ? ORDER BY stretch");
    rows.bind(query_.link.value);
    rows.bind(from);
    rows.bind(to);
    auto done = rows.each([&](const Row& row) {
      add_unsummed_below(row.integer(0));
      if (next == unsummed_.end() || next->first != row.integer(0)) {
        add_row(row.integer(0), row.bytes(1));
      }
    });
    add_unsummed_below(to);
    return done;
  }

  void add_row(std::int64_t stretch, std::string_view bytes) {
    const auto sums = ClickSums::decode(bytes);
    is_damaged_ = is_damaged_ || !sums;
    add(stretch, sums.value_or(ClickSums()));
  }

  void add(std::int64_t number, const ClickSums& sums) {
    const Stretch stretch(Stretch::duration{number});
    enter_bucket_of(stretch);
    stats_.buckets[bucket_].count += sums.total();
    stats_.total += sums.total();
    in_bucket_.add(stretch, sums.people());
    in_all_.add(stretch, sums.people());
    for (std::size_t dimension = 0; dimension < counts_.size(); ++dimension) {
      for (const auto& [value, count] : sums.values(static_cast<Dimension>(dimension))) {
        counts_[dimension][value] += count;
      }
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
  std::map<std::int64_t, ClickSums> unsummed_;  ///< whole days, by stretch
  bool is_damaged_ = false;
  std::array<Counts, domain::kDimensionCount> counts_;
  std::size_t bucket_ = 0;
  DailyVisitorCount in_bucket_;
  DailyVisitorCount in_all_;
};

}  // namespace

Result<domain::ClickStats> find_click_stats(Connection& database, const domain::StatsQuery& query) {
  if (auto sound = domain::check_bounds(query.bounds); !sound) {
    return std::move(sound).error();
  }
  const ReadTransaction transaction(database);
  if (!transaction.begun()) {
    return transaction.begun().error();
  }
  return StatsReading(database, query).read();
}

}  // namespace ginnel::storage::sqlite
