// SPDX-License-Identifier: MIT
#include "storage/sqlite/clicks/click_rollups.h"

#include <algorithm>
#include <string>
#include <utility>

#include "storage/sqlite/clicks/click_texts.h"

namespace ginnel::storage::sqlite {

namespace {

std::int64_t day_number(std::int64_t stretch) noexcept {
  const domain::Stretch begin(domain::Stretch::duration{stretch});
  return domain::day_of(begin).time_since_epoch().count();
}

/// The places at the beginning of `places` that are alike to `key`; they are taken off it.
template <class Places, class Key>
Places take_group(Places& places, Key key) {
  const auto first = key(places.front());
  const auto end =
      std::ranges::find_if_not(places, [&](const auto& place) { return key(place) == first; });
  const auto count = static_cast<std::size_t>(end - places.begin());
  const Places group = places.first(count);
  places = places.subspan(count);
  return group;
}

}  // namespace

ClickRollups::ClickRollups(Connection& database)
    : database_(database),
      update_(
          database.prepare("UPDATE click_rollups SET clicks = clicks + ?, humans = humans + ? "
                           "WHERE link_id = ? AND stretch = ? AND dimension = ? AND value = ?")),
      upsert_(database.prepare(
          "INSERT INTO click_rollups (clicks, humans, link_id, stretch, dimension, value) "
          "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
          "clicks = clicks + excluded.clicks, humans = humans + excluded.humans")),
      find_visitors_(
          database.prepare("SELECT visitors FROM click_rollups "
                           "WHERE link_id = ? AND stretch = ? AND dimension = 0 AND value = 0")),
      upsert_visitors_(
          database.prepare("INSERT INTO click_rollups "
                           "(clicks, humans, link_id, stretch, dimension, value, visitors) "
                           "VALUES (?, ?, ?, ?, 0, 0, ?) ON CONFLICT DO UPDATE SET "
                           "clicks = clicks + excluded.clicks, humans = humans + excluded.humans, "
                           "visitors = excluded.visitors")) {}

Result<Done> ClickRollups::add(std::span<const CountedClick> clicks) {
  clicks_ = clicks;
  std::vector<Place> places;
  places.reserve(clicks.size());
  for (std::size_t index = 0; index < clicks.size(); ++index) {
    const CountedClick& click = clicks[index];
    places.push_back({click.link.value, click.stretch.time_since_epoch().count(), index});
  }
  std::ranges::sort(places);
  std::span<const Place> left = places;
  while (!left.empty()) {
    const auto day = take_group(
        left, [](const Place& place) { return std::pair(place.link, day_number(place.stretch)); });
    if (auto done = add_day(day); !done) {
      return done;
    }
  }
  return Done();
}

/// Adds the clicks of one link and one day.
Result<Done> ClickRollups::add_day(std::span<const Place> places) {
  new_values_.clear();
  const Place first = places.front();
  while (!places.empty()) {
    const auto stretch = take_group(places, [](const Place& place) { return place.stretch; });
    if (auto done = add_stretch(stretch); !done) {
      return done;
    }
  }
  return new_values_.empty() ? Done() : add_new_values(first.link, day_number(first.stretch));
}

Result<Done> ClickRollups::add_stretch(std::span<const Place> places) {
  auto done = add_all(places);
  for (const domain::Dimension dimension : kDimensions) {
    if (done) {
      done = add_dimension(places, dimension);
    }
  }
  return done;
}

/// Adds clicks of one stretch to its row of kAll, which has the visitors too.
Result<Done> ClickRollups::add_all(std::span<const Place> places) {
  Sum sum;
  sum.stretch = places.front().stretch;
  for (const Place& place : places) {
    ++sum.count.clicks;
    sum.count.humans += clicks_[place.index].human ? 1 : 0;
  }
  auto visitors = more_visitors(places);
  if (!visitors) {
    return std::move(visitors).error();
  }
  if (!*visitors) {
    return upsert(places.front().link, sum);
  }
  return upsert_visitors_.run(static_cast<std::int64_t>(sum.count.clicks),
                              static_cast<std::int64_t>(sum.count.humans),
                              places.front().link,
                              sum.stretch,
                              Bytes{**visitors});
}

/// The visitors of a stretch with those of its further clicks, or nothing when they are the same.
Result<std::optional<std::string>> ClickRollups::more_visitors(std::span<const Place> places) {
  const auto shows = [this](const Place& place) { return clicks_[place.index].shows_visitor(); };
  if (std::ranges::none_of(places, shows)) {
    return std::optional<std::string>();
  }
  find_visitors_.reset();
  find_visitors_.bind(places.front().link);
  find_visitors_.bind(places.front().stretch);
  auto kept = find_visitors_.first([](const Row& row) { return std::string(row.bytes(0)); });
  find_visitors_.reset();
  if (!kept) {
    return std::move(kept).error();
  }
  const std::string before = std::move(*kept).value_or(std::string());
  // A damaged row must not stop shipping: `ginnel verify` finds it.
  auto people = domain::HyperLogLog::decode(before).value_or(domain::HyperLogLog());
  for (const Place& place : places) {
    if (shows(place)) {
      people.add(clicks_[place.index].visitor);
    }
  }
  std::string after = people.encoded();
  return after == before ? std::nullopt : std::optional(std::move(after));
}

Result<Done> ClickRollups::add_dimension(std::span<const Place> places,
                                         domain::Dimension dimension) {
  sums_.clear();
  for (const Place& place : places) {
    const CountedClick& click = clicks_[place.index];
    const std::int64_t value = click.values[static_cast<std::size_t>(dimension)];
    const domain::ClickCount one = {1, click.human ? 1U : 0U};
    sums_.push_back(Sum{place.stretch, dimension, value, one, place.index});
  }
  std::ranges::sort(sums_, {}, [](const Sum& sum) { return std::pair(sum.value, sum.first); });
  std::span<const Sum> left = sums_;
  while (!left.empty()) {
    const auto same = take_group(left, [](const Sum& one) { return one.value; });
    Sum sum = same.front();
    for (const Sum& further : same.subspan(1)) {
      sum.count += further.count;
    }
    if (auto done = add_sum(places.front().link, sum); !done) {
      return done;
    }
  }
  return Done();
}

/// Adds to the row of a value. A value that its day may not have room for waits for
/// `add_new_values`, unless the stretch has a row of it: then the day has it.
Result<Done> ClickRollups::add_sum(std::int64_t link, const Sum& sum) {
  if (!is_limited(sum.dimension)) {
    return upsert(link, sum);
  }
  auto done = update_.run(static_cast<std::int64_t>(sum.count.clicks),
                          static_cast<std::int64_t>(sum.count.humans),
                          link,
                          sum.stretch,
                          static_cast<std::int64_t>(sum.dimension),
                          sum.value);
  if (done && database_.changed_rows() == 0) {
    new_values_.push_back(sum);
  }
  return done;
}

Result<Done> ClickRollups::upsert(std::int64_t link, const Sum& sum) {
  return upsert_.run(static_cast<std::int64_t>(sum.count.clicks),
                     static_cast<std::int64_t>(sum.count.humans),
                     link,
                     sum.stretch,
                     static_cast<std::int64_t>(sum.dimension),
                     sum.value);
}

/// Adds what is in `new_values_`: those that came first take the room that the day has.
Result<Done> ClickRollups::add_new_values(std::int64_t link, std::int64_t day) {
  auto decoded = [](const Row& row) {
    // As for damaged visitors.
    return DailyValues::decode(row.bytes(0)).value_or(DailyValues());
  };
  auto kept = database_.first(
      "SELECT texts FROM daily_values WHERE link_id = ? AND day = ?", decoded, link, day);
  if (!kept) {
    return std::move(kept).error();
  }
  DailyValues values = std::move(*kept).value_or(DailyValues());
  const std::size_t before = values.size();
  std::ranges::sort(new_values_, {}, [](const Sum& sum) {
    return std::pair(sum.first, static_cast<std::size_t>(sum.dimension));
  });
  for (Sum& sum : new_values_) {
    sum.value = values.admit(sum.dimension, sum.value);
    if (auto done = upsert(link, sum); !done) {
      return done;
    }
  }
  if (values.size() == before) {
    return Done();
  }
  return database_.run(
      "INSERT INTO daily_values (link_id, day, texts) VALUES (?, ?, ?) "
      "ON CONFLICT DO UPDATE SET texts = excluded.texts",
      link,
      day,
      Bytes{values.encoded()});
}

}  // namespace ginnel::storage::sqlite
