// SPDX-License-Identifier: MIT
// What the contract of clicks does not say: how SQLite does it.
#include "storage/sqlite/clicks/click_store.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "storage/sqlite/clicks/click_fixture.h"
#include "storage/sqlite/clicks/click_shipping.h"
#include "storage/sqlite/clicks/click_stats.h"
#include "storage/sqlite/file/schema.h"
#include "support/memory_stores.h"

namespace ginnel::storage::sqlite {
namespace {

using namespace std::chrono_literals;

domain::Click random_click(std::mt19937_64& random) {
  const auto below = [&random](std::uint64_t limit) { return random() % limit; };
  domain::Click click = known_click();
  click.at += std::chrono::minutes(below(std::uint64_t{4} * 24 * 60));
  click.link.value = static_cast<std::int64_t>(below(3)) + 1;
  click.referrer = below(4) == 0 ? "" : std::to_string(below(3'000)) + ".example";
  click.country = "C" + std::to_string(below(200));
  click.device = below(2) == 0 ? "mobile" : "desktop";
  click.browser = "B" + std::to_string(below(20));
  click.system = "S" + std::to_string(below(5));
  click.bot = static_cast<domain::BotClass>(below(domain::kBotClassCount));
  click.visitor = std::mt19937_64(below(500))();
  return click;
}

domain::StatsQuery random_query(std::mt19937_64& random) {
  domain::StatsQuery query;
  query.link.value = static_cast<std::int64_t>(random() % 4) + 1;
  query.values = random() % 50;
  if (random() % 2 == 0) {  // days, or a quarter of an hour less or more
    for (domain::Timestamp day = std::chrono::floor<std::chrono::days>(kQuarterPastTen - 24h);
         day < kQuarterPastTen + 120h;
         day += (1 + random() % 2) * 24h) {
      const int quarters = random() % 4 == 0 ? static_cast<int>(random() % 3) - 1 : 0;
      query.bounds.push_back(day + quarters * 15min);
    }
    return query;
  }
  domain::Timestamp bound = kQuarterPastTen + (random() % 100) * 15min - 5h;
  for (std::uint64_t left = 2 + random() % 30; left > 0; --left) {
    query.bounds.push_back(bound);
    bound += (1 + random() % 40) * 15min;
  }
  return query;
}

/// `expected` is exact; an estimate of few hundreds may be off by three standard errors and one.
void expect_about(domain::DailyVisitors estimate, domain::DailyVisitors expected) {
  const auto allowed = std::ceil(static_cast<double>(expected) * 0.05) + 1;
  EXPECT_NEAR(static_cast<double>(estimate), static_cast<double>(expected), allowed);
}

/// Figures compared.
std::size_t expect_same(const domain::ClickStats& stats, const domain::ClickStats& expected) {
  std::size_t compared = 1 + stats.buckets.size();
  EXPECT_EQ(stats.total, expected.total);
  expect_about(stats.daily_visitors, expected.daily_visitors);
  EXPECT_EQ(stats.buckets.size(), expected.buckets.size());
  for (std::size_t index = 0; index < stats.buckets.size(); ++index) {
    EXPECT_EQ(stats.buckets[index].begin, expected.buckets[index].begin);
    EXPECT_EQ(stats.buckets[index].count, expected.buckets[index].count);
    expect_about(stats.buckets[index].daily_visitors, expected.buckets[index].daily_visitors);
  }
  for (std::size_t dimension = 0; dimension < domain::kDimensionCount; ++dimension) {
    const auto& values = stats.values[dimension];
    const auto& others = expected.values[dimension];
    EXPECT_EQ(each(values, &domain::StatsValue::value), each(others, &domain::StatsValue::value));
    EXPECT_EQ(each(values, &domain::StatsValue::count), each(others, &domain::StatsValue::count));
    compared += values.size();
  }
  return compared;
}

TEST(SqliteClickStore, AddsUpWhatCountingClickByClickGives) {
  std::mt19937_64 random(7);
  ClickFile file;
  support::MemoryStores memory;
  std::uint64_t shipped_to = 0;
  for (int batch = 0; batch < 60; ++batch) {
    std::vector<domain::Click> clicks(1 + random() % 500);
    std::ranges::generate(clicks, [&random] { return random_click(random); });
    const std::uint64_t from = shipped_to++;
    ClickBatch same = {"a", from, shipped_to, false, clicks};
    run_blocking_task(memory.clicks().ship_one(std::move(same), {})).value();
    file.ship(std::move(clicks));
    if (random() % 3 == 0) {
      file.sum_up();
    }
  }

  std::size_t compared = 0;
  for (int round = 0; round < 50; ++round) {
    if (round == 25) {
      file.sum_up();  // up to here the last clicks are counted as they are read
    }
    const auto query = random_query(random);
    const auto expected = run_blocking_task(memory.clicks().stats(query, {})).value();
    compared += expect_same(file.stats(query), expected);
  }

  EXPECT_EQ(file.verify(Verification::kCompare).differ, 0U);
  std::printf("%zu figures compared\n", compared);
}

/// A database in memory, in which transactions are made and undone at will.
class ClickTextsTest : public testing::Test {
 protected:
  void SetUp() override { apply_migrations(database_, all_migrations(), {}).value(); }

  /// Ships a click with this referrer in a transaction that ends with `end`.
  void ship(const char* referrer, const char* end) {
    auto click = known_click();
    click.referrer = referrer;
    database_.execute("BEGIN IMMEDIATE").value();
    const ClickBatch batch = {std::to_string(++segment_), 0, 64, false, {click}};
    EXPECT_EQ(*ship_clicks(database_, texts_, tail_, batch), ShipOutcome::kShipped);
    database_.execute(end).value();
  }

  std::vector<std::string> referrers() {
    domain::StatsQuery query;
    query.link.value = 7;
    query.bounds = {kQuarterPastTen, kQuarterPastTen + 15min};
    const auto stats = find_click_stats(database_, query).value();
    return each(stats.values[static_cast<std::size_t>(domain::Dimension::kReferrer)],
                [](const domain::StatsValue& value) {
                  return value.value + ": " + std::to_string(value.count.clicks);
                });
  }

  Connection database_ = std::move(*Connection::open({}, Connection::Mode::kMemory));
  ClickTexts texts_{8};
  ClickTail tail_;
  int segment_ = 0;
};

TEST_F(ClickTextsTest, ForgetWhatATransactionAddedThatWasUndone) {
  ship("lost.example", "ROLLBACK");
  ship("other.example", "COMMIT");  // gets the id that was free again
  ship("lost.example", "COMMIT");

  EXPECT_EQ(referrers(), (std::vector<std::string>{"lost.example: 1", "other.example: 1"}));
}

TEST_F(ClickTextsTest, RememberWhatWasCommitted) {
  ship("a.example", "COMMIT");
  EXPECT_EQ(texts_.size(), 0U);
  ship("a.example", "COMMIT");

  EXPECT_EQ(texts_.size(), 6U);
  EXPECT_EQ(referrers(), (std::vector<std::string>{"a.example: 2"}));
}

TEST_F(ClickTextsTest, RememberNoMoreThanTheirLimit) {
  for (int turn = 0; turn < 3; ++turn) {
    for (const char* referrer : {"a", "b", "c", "d", "e"}) {
      ship(referrer, "COMMIT");
      EXPECT_LE(texts_.size(), 8U);
    }
  }

  EXPECT_EQ(referrers(), (std::vector<std::string>{"a: 3", "b: 3", "c: 3", "d: 3", "e: 3"}));
}

/// How many of the store's files hold `bytes`.
int files_with(const ClickFile& file, const std::string& bytes) {
  int found = 0;
  for (const char* suffix : {"", "-wal"}) {
    std::ifstream stream(file.path() + suffix, std::ios::binary);
    const std::string contents(std::istreambuf_iterator<char>(stream), {});
    found += contents.find(bytes) != std::string::npos ? 1 : 0;
  }
  return found;
}

TEST(SqliteClickStore, LeavesNothingOfASaltWhoseDayIsOver) {
  ClickFile file;
  std::vector<std::string> past;
  for (char day = 'a'; day < 'f'; ++day) {  // more than the new ones would overwrite
    past.emplace_back(16, day);
    file.plant("INSERT INTO visitor_salts VALUES (" + std::to_string(day) + ", CAST('" +
               past.back() + "' AS BLOB))");
  }
  for (const std::string& key : past) {
    EXPECT_GT(files_with(file, key), 0);  // so they would be found
  }

  const std::chrono::sys_days today(std::chrono::days(20'782));
  const auto salts = run_blocking_task(file.clicks().salts(today, {})).value();
  file.ship({known_click()});  // the log was cut before it

  for (const std::string& key : past) {
    EXPECT_EQ(files_with(file, key), 0);
  }
  EXPECT_GT(files_with(file, std::string(salts[0].key.begin(), salts[0].key.end())), 0);
}

TEST(SqliteClickStore, GoesOnAfterItsFiguresWereDamaged) {
  ClickFile file;
  file.ship({known_click()});
  file.sum_up();
  file.plant("UPDATE link_sums SET sums = x'ff'");
  domain::StatsQuery query;
  query.link.value = 7;
  query.bounds = {kQuarterPastTen, kQuarterPastTen + 15min};
  const auto damaged = run_blocking_task(file.clicks().stats(query, {}));
  auto other = known_click();
  other.referrer = "other.example";

  file.ship({other});
  const auto with_tail = run_blocking_task(file.clicks().stats(query, {}));
  file.sum_up();

  for (const auto& answer : {damaged, with_tail}) {
    ASSERT_FALSE(answer);
    EXPECT_NE(answer.error().detail.find("ginnel verify --repair"), std::string::npos);
  }
  EXPECT_GT(file.verify(Verification::kRepair).differ, 0U);
  EXPECT_EQ(file.verify(Verification::kCompare).differ, 0U);
  EXPECT_EQ(file.stats(query).total.clicks, 2U);
}

}  // namespace
}  // namespace ginnel::storage::sqlite
