// SPDX-License-Identifier: MIT
#include "storage/sqlite/clicks/click_lists.h"

#include <algorithm>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "storage/sqlite/clicks/click_fixture.h"
#include "storage/sqlite/clicks/click_shipping.h"
#include "storage/sqlite/clicks/click_summing.h"
#include "storage/sqlite/file/schema.h"

namespace ginnel::storage::sqlite {
namespace {

using Ids = std::vector<std::int64_t>;

class ClickListsTest : public testing::Test {
 protected:
  void SetUp() override { apply_migrations(database_, all_migrations(), {}).value(); }

  void ship(std::size_t count) {
    std::vector<domain::Click> clicks(count, known_click());
    for (domain::Click& click : clicks) {
      click.link.value = static_cast<std::int64_t>(1 + random_() % 20 * (random_() % 4));
      click.user.value = 1 + click.link.value % 4;
    }
    const ClickBatch batch = {std::to_string(++segment_), 0, 64, false, std::move(clicks)};
    EXPECT_EQ(*ship_clicks(database_, texts_, summing_.tail(), batch), ShipOutcome::kShipped);
    const auto gap = static_cast<std::int64_t>(random_() % 300);  // events
    database_.run("UPDATE sequences SET value = value + ? WHERE name = 'event'", gap).value();
  }

  void sum_up(std::size_t owners) {
    summing_.sum_up(database_, [&owners] { return --owners == 0; }).value();
  }

  /// Compares so many lists with the clicks.
  void compare(int rounds) {
    for (int round = 0; round < rounds; ++round, ++compared_) {
      const auto kind = random_() % 2 == 0 ? ClickOwner::kLink : ClickOwner::kUser;
      const auto owner = static_cast<std::int64_t>(random_() % 24);
      const auto after = static_cast<std::int64_t>(random_() % 12'000);
      const std::size_t most = 1 + random_() % 1'500;
      const std::string column = kind == ClickOwner::kLink ? "link_id" : "user_id";
      const auto expected = database_.all(
          "SELECT id FROM clicks WHERE +" + column + " = ? AND id > ? ORDER BY id LIMIT ?",
          [](const Row& row) { return row.integer(0); },
          owner,
          after,
          static_cast<std::int64_t>(most));
      EXPECT_EQ(find_clicks(database_, kind, owner, after, most).value(), *expected)
          << column << ' ' << owner << " after " << after << ", " << most;
      listed_ += expected->size();
    }
  }

  bool has_indexes() {
    return database_.number("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'clicks_by%'")
               .value() == 2;
  }

  Connection database_ = std::move(*Connection::open({}, Connection::Mode::kMemory));
  ClickTexts texts_{1'000};
  ClickSumming summing_{700};
  std::mt19937_64 random_{3};
  int segment_ = 0;
  int compared_ = 0;
  std::size_t listed_ = 0;
};

TEST_F(ClickListsTest, SayWhichClicksSomebodyHasAtEveryMoment) {
  ship(3'000);
  sum_up(10);
  compare(50);
  EXPECT_TRUE(has_indexes());
  while (renew_older_clicks(database_, [] { return true; })->unlisted > 0) {
  }
  EXPECT_FALSE(has_indexes());
  for (int round = 0; round < 200; ++round) {
    if (random_() % 4 == 0) {
      ship(1 + random_() % 200);
    }
    sum_up(1 + random_() % 40);
    compare(5);
  }
  std::printf("%d lists compared, %zu numbers in them\n", compared_, listed_);
}

TEST_F(ClickListsTest, GetTheClicksOfOlderVersionsInPortions) {
  ship(12'000);
  // As if an older version had stored them.
  database_
      .execute(
          "UPDATE sums_cursor SET first_click = next_click, end_click = next_click, unsummed = 0, "
          "older_end = next_click, unlisted = 24000")
      .value();
  int portions = 0;
  for (OlderClicks left{1, 0}; left.unlisted > 0; ++portions) {
    ship(10);
    sum_up(1'000);
    compare(20);
    left = renew_older_clicks(database_, [] { return true; }).value();
  }
  compare(50);

  EXPECT_EQ(portions, 2 * 7);  // of 2,000 numbers, and one that finds no more
  EXPECT_FALSE(has_indexes());
  for (const ClickOwner kind : {ClickOwner::kLink, ClickOwner::kUser}) {
    sum_up(1'000);
    compare_lists(database_, kind, [](std::int64_t owner) { ADD_FAILURE() << owner; }).value();
  }
  std::printf("%d lists compared, %zu numbers in them\n", compared_, listed_);
}

TEST_F(ClickListsTest, AreMadeAnew) {
  ship(5'000);
  sum_up(1'000);
  database_.run("DELETE FROM click_lists WHERE owner_id % 3 = 1").value();
  for (const ClickOwner kind : {ClickOwner::kLink, ClickOwner::kUser}) {
    std::size_t faults = 0;
    compare_lists(database_, kind, [&faults](std::int64_t) { ++faults; }).value();
    EXPECT_GT(faults, 0U);

    make_lists_anew(database_, kind).value();

    compare_lists(database_, kind, [](std::int64_t owner) { ADD_FAILURE() << owner; }).value();
  }
}

}  // namespace
}  // namespace ginnel::storage::sqlite
