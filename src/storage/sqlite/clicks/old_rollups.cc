// SPDX-License-Identifier: MIT
#include "storage/sqlite/clicks/old_rollups.h"

#include <utility>

#include "storage/sqlite/clicks/day_sums.h"
#include "storage/sqlite/clicks/sums_cursor.h"

namespace ginnel::storage::sqlite {
namespace {

/// Adds a row of the statement in `old_stretches`.
void add_row(ClickSums& sums, const Row& row) {
  const auto dimension = row.integer(1);
  if (dimension < 0 || dimension >= static_cast<std::int64_t>(domain::kDimensionCount)) {
    return;
  }
  const domain::ClickCount count = {static_cast<std::uint64_t>(row.integer(3)),
                                    static_cast<std::uint64_t>(row.integer(4))};
  sums.add(static_cast<domain::Dimension>(dimension), static_cast<TextId>(row.integer(2)), count);
  if (const auto people = domain::HyperLogLog::decode(row.bytes(5)); people && dimension == 0) {
    sums.add(*people);
  }
}

}  // namespace

Result<std::optional<DayOfLink>> first_old_day(Connection& database) {
  const auto day = [](const Row& row) {
    SummedClick click;
    click.link.value = row.integer(0);
    click.stretch = domain::Stretch(domain::Stretch::duration{row.integer(1)});
    return day_of(click);
  };
  return database.first(
      "SELECT link_id, stretch FROM click_rollups ORDER BY link_id, stretch LIMIT 1", day);
}

Result<std::map<std::int64_t, ClickSums>> old_stretches(Connection& database,
                                                        std::int64_t link,
                                                        std::int64_t from,
                                                        std::int64_t to) {
  Statement rows = database.prepare(
      "SELECT stretch, dimension, value, clicks, humans, visitors FROM click_rollups "
      "WHERE link_id = ? AND stretch >= ? AND stretch < ?");
  rows.bind(link);
  rows.bind(from);
  rows.bind(to);
  std::map<std::int64_t, ClickSums> stretches;
  auto done = rows.each([&](const Row& row) { add_row(stretches[row.integer(0)], row); });
  if (!done) {
    return std::move(done).error();
  }
  return stretches;
}

Result<std::int64_t> move_old_day(Connection& database) {
  auto old = first_old_day(database);
  if (!old) {
    return std::move(old).error();
  }
  if (!*old) {
    return std::int64_t{0};
  }
  auto cursor = find_sums_cursor(database);
  if (!cursor) {
    return std::move(cursor).error();
  }
  LinkDay day(**old);
  auto done = day.load(database, true);
  if (done) {
    done = day.store(database);
  }
  if (done && day.of().day < cursor->newest_day) {
    done = make_day_sums(database, day);
  }
  if (!done) {
    return std::move(done).error();
  }
  return day.of().link;
}

Result<Done> delete_old_day(Connection& database, const DayOfLink& day) {
  auto done =
      database.run("DELETE FROM click_rollups WHERE link_id = ? AND stretch >= ? AND stretch < ?",
                   day.link,
                   day.first_stretch(),
                   day.end_stretch());
  return done ? database.run(
                    "DELETE FROM daily_values WHERE link_id = ? AND day = ?", day.link, day.day)
              : std::move(done);
}

}  // namespace ginnel::storage::sqlite
