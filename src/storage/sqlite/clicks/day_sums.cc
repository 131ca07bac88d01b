// SPDX-License-Identifier: MIT
#include "storage/sqlite/clicks/day_sums.h"

#include <utility>

namespace ginnel::storage::sqlite {

ClickSums whole_day(const LinkDay& day) {
  ClickSums sums;
  for (const auto& [number, stretch] : day.stretches()) {
    sums.add(stretch.sums);
  }
  return sums;
}

Result<std::optional<std::string>> find_day_sums(Connection& database, const DayOfLink& day) {
  return database.first(
      "SELECT sums FROM day_sums WHERE link_id = ? AND day = ?",
      [](const Row& row) { return std::string(row.bytes(0)); },
      day.link,
      day.day);
}

Result<Done> make_sums_of_day_before(Connection& database, const DayOfLink& day) {
  auto stretch = database.first(
      "SELECT stretch FROM link_sums WHERE link_id = ? AND stretch < ? ORDER BY stretch DESC "
      "LIMIT 1",
      [](const Row& row) { return row.integer(0); },
      day.link,
      day.first_stretch());
  if (!stretch) {
    return std::move(stretch).error();
  }
  if (!*stretch) {
    return Done();
  }
  LinkDay before({day.link, **stretch / domain::kStretchesADay});
  auto kept = find_day_sums(database, before.of());
  if (!kept) {
    return std::move(kept).error();
  }
  if (*kept) {
    return Done();
  }
  auto done = before.load(database, false);
  return done ? make_day_sums(database, before) : std::move(done);
}

Result<Done> make_day_sums(Connection& database, const LinkDay& day) {
  if (day.is_damaged() || day.stretches().size() < kManyStretches) {
    return Done();
  }
  return database.run(
      "INSERT INTO day_sums (link_id, day, sums) VALUES (?, ?, ?) "
      "ON CONFLICT DO UPDATE SET sums = excluded.sums",
      day.of().link,
      day.of().day,
      Bytes{whole_day(day).encoded()});
}

Result<Done> renew_day_sums(Connection& database, const LinkDay& day) {
  auto kept = find_day_sums(database, day.of());
  if (!kept) {
    return std::move(kept).error();
  }
  if (!*kept) {
    return Done();
  }
  auto done = database.run(
      "DELETE FROM day_sums WHERE link_id = ? AND day = ?", day.of().link, day.of().day);
  return done ? make_day_sums(database, day) : std::move(done);
}

}  // namespace ginnel::storage::sqlite
