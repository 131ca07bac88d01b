// SPDX-License-Identifier: MIT
// Sums in the form of older versions: read, added to, and brought into today's form.
#include "storage/sqlite/clicks/old_rollups.h"

#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "storage/sqlite/clicks/click_fixture.h"
#include "support/memory_stores.h"

namespace ginnel::storage::sqlite {
namespace {

using namespace std::chrono_literals;

domain::Click click_of_few(std::mt19937_64& random) {
  domain::Click click = known_click();
  click.link.value = static_cast<std::int64_t>(1 + random() % 4);
  click.at += std::chrono::minutes(random() % (std::uint64_t{3} * 24 * 60));
  click.referrer = std::to_string(random() % 60);
  click.country = std::to_string(random() % 9);
  click.bot = static_cast<domain::BotClass>(random() % domain::kBotClassCount);
  click.visitor = 1 + random() % 90;
  return click;
}

/// Writes sums as older versions did, a row a value.
void write_old(Connection& database,
               std::int64_t link,
               std::int64_t stretch,
               const ClickSums& sums) {
  const auto write = [&](std::int64_t dimension,
                         std::int64_t value,
                         const domain::ClickCount& count,
                         const std::string& people) {
    const auto done = database.run("INSERT INTO click_rollups VALUES (?, ?, ?, ?, ?, ?, ?)",
                                   link,
                                   stretch,
                                   dimension,
                                   value,
                                   static_cast<std::int64_t>(count.clicks),
                                   static_cast<std::int64_t>(count.humans),
                                   Bytes{people});
    EXPECT_TRUE(done) << done.error().detail;
  };
  write(0, 0, sums.total(), sums.people().encoded());
  for (std::size_t dimension = 1; dimension < domain::kDimensionCount; ++dimension) {
    for (const auto& [value, count] : sums.values(static_cast<domain::Dimension>(dimension))) {
      write(static_cast<std::int64_t>(dimension), value, count, "");
    }
  }
}

/// Puts all that is summed up into the old form.
void age(const ClickFile& file) {
  auto database = Connection::open(file.path(), Connection::Mode::kWrite);
  database->execute("BEGIN IMMEDIATE").value();
  struct Sums {
    std::int64_t link;
    std::int64_t stretch;
    std::string bytes;
  };
  const auto rows =
      database->all("SELECT link_id, stretch, sums FROM link_sums", [](const Row& row) {
        return Sums{row.integer(0), row.integer(1), std::string(row.bytes(2))};
      });
  for (const Sums& row : *rows) {
    write_old(*database, row.link, row.stretch, *ClickSums::decode(row.bytes));
  }
  database
      ->execute(
          "INSERT INTO daily_values SELECT DISTINCT link_id, stretch / 96, x'0000000000' FROM "
          "link_sums; DELETE FROM link_sums; DELETE FROM day_sums; COMMIT")
      .value();
}

std::int64_t rows_in_old_form(const ClickFile& file) {
  auto database = Connection::open(file.path(), Connection::Mode::kRead);
  return database
      ->number("SELECT (SELECT count(*) FROM click_rollups) + (SELECT count(*) FROM daily_values)")
      .value();
}

/// By days, hours and quarters of an hour.
std::vector<domain::StatsQuery> all_queries() {
  std::vector<domain::StatsQuery> queries;
  for (const std::chrono::minutes step : {1'440min, 60min, 15min}) {
    for (std::int64_t link = 1; link <= 4; ++link) {
      domain::StatsQuery query;
      query.link.value = link;
      const auto first = std::chrono::floor<std::chrono::days>(kQuarterPastTen);
      for (domain::Timestamp bound = first; bound <= first + 96h; bound += step) {
        query.bounds.push_back(bound);
      }
      queries.push_back(std::move(query));
    }
  }
  return queries;
}

/// The figures of a file beside those that were counted click by click.
class OldRollups : public testing::Test {
 protected:
  void ship(int clicks) {
    std::vector<domain::Click> batch(static_cast<std::size_t>(clicks));
    for (domain::Click& click : batch) {
      click = click_of_few(random_);
    }
    const std::uint64_t from = shipped_++;
    ClickBatch same = {"a", from, shipped_, false, batch};
    run_blocking_task(memory_.clicks().ship_one(std::move(same), {})).value();
    file_.ship(std::move(batch));
  }

  void expect_same(const char* when) {
    SCOPED_TRACE(when);
    for (const domain::StatsQuery& query : all_queries()) {
      const auto stats = file_.stats(query);
      const auto expected = run_blocking_task(memory_.clicks().stats(query, {})).value();
      EXPECT_EQ(stats.total, expected.total);
      for (std::size_t index = 0; index < stats.buckets.size(); ++index) {
        EXPECT_EQ(stats.buckets[index].count, expected.buckets[index].count);
      }
      for (std::size_t dimension = 0; dimension < domain::kDimensionCount; ++dimension) {
        EXPECT_EQ(each(stats.values[dimension], &domain::StatsValue::count),
                  each(expected.values[dimension], &domain::StatsValue::count));
      }
      compared_ += 1 + stats.buckets.size();
    }
  }

  ClickFile file_;
  support::MemoryStores memory_;
  std::mt19937_64 random_{5};
  std::uint64_t shipped_ = 0;
  std::size_t compared_ = 0;
};

TEST_F(OldRollups, SayTheSameBeforeAndAfterTheyAreMoved) {
  ship(1'500);
  file_.sum_up();
  age(file_);
  EXPECT_GT(rows_in_old_form(file_), 3'000);
  expect_same("all is old");
  EXPECT_EQ(file_.verify(Verification::kCompare).differ, 0U);

  ship(300);
  expect_same("clicks of old days are in no sum");
  file_.sum_up();
  expect_same("old days have more clicks");
  EXPECT_EQ(file_.verify(Verification::kCompare).differ, 0U);

  while (!run_blocking_task(file_.clicks().renew_older({})).value().is_nothing()) {
  }
  EXPECT_EQ(rows_in_old_form(file_), 0);
  expect_same("nothing is old");
  ship(100);
  file_.sum_up();
  expect_same("it goes on");
  EXPECT_EQ(file_.verify(Verification::kCompare).differ, 0U);
  std::printf("%zu figures compared\n", compared_);
}

TEST_F(OldRollups, AreRepairedWhenTheyDiffer) {
  ship(200);
  file_.sum_up();
  age(file_);
  file_.plant("UPDATE click_rollups SET clicks = clicks + 1 WHERE dimension = 1 AND link_id = 2");

  EXPECT_GT(file_.verify(Verification::kCompare).differ, 0U);
  EXPECT_TRUE(file_.verify(Verification::kRepair).repaired);

  EXPECT_EQ(file_.verify(Verification::kCompare).differ, 0U);
  expect_same("repaired");
}

}  // namespace
}  // namespace ginnel::storage::sqlite
