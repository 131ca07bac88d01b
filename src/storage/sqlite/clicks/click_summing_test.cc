// SPDX-License-Identifier: MIT
// Sums that are made in portions, left in the middle, undone, and begun anew by another process.
#include "storage/sqlite/clicks/click_summing.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "storage/sqlite/clicks/click_fixture.h"
#include "storage/sqlite/clicks/click_shipping.h"
#include "storage/sqlite/clicks/click_verification.h"
#include "storage/sqlite/file/schema.h"

namespace ginnel::storage::sqlite {
namespace {

using namespace std::chrono_literals;

class ClickSummingTest : public testing::Test {
 protected:
  void SetUp() override { apply_migrations(database_, all_migrations(), {}).value(); }

  /// Stores clicks in a transaction that ends with `end`.
  void ship(std::vector<domain::Click> clicks, const char* end) {
    const ClickBatch batch = {std::to_string(++segment_), 0, 64, false, std::move(clicks)};
    database_.execute("BEGIN IMMEDIATE").value();
    EXPECT_EQ(*ship_clicks(database_, texts_, summing_->tail(), batch), ShipOutcome::kShipped);
    database_.execute(end).value();
  }

  /// Sums up so many links or users at most, in a transaction that ends with `end`; gives how many
  /// clicks are left.
  std::uint64_t sum_up(int links, const char* end) {
    database_.execute("BEGIN IMMEDIATE").value();
    const auto left = summing_->sum_up(database_, [&links] { return --links <= 0; });
    database_.execute(end).value();
    return left.value().clicks;
  }

  /// What the sums say; `ginnel verify` may not sum up the rest, so it is undone.
  std::size_t faults() {
    database_.execute("BEGIN IMMEDIATE").value();
    const auto report = verify_clicks(database_, Verification::kCompare).value();
    database_.execute("ROLLBACK").value();
    for (const RollupFault& fault : report.faults) {
      ADD_FAILURE() << fault.what;
    }
    return report.differ;
  }

  std::int64_t number(const char* sql) { return database_.number(sql).value(); }

  Connection database_ = std::move(*Connection::open({}, Connection::Mode::kMemory));
  ClickTexts texts_{1'000};
  std::unique_ptr<ClickSumming> summing_ = std::make_unique<ClickSumming>(100);
  int segment_ = 0;
};

std::vector<domain::Click> random_clicks(std::mt19937_64& random) {
  std::vector<domain::Click> clicks(1 + random() % 150);
  for (domain::Click& click : clicks) {
    click = known_click();
    click.link.value = static_cast<std::int64_t>(1 + random() % 12);
    click.user.value = 1 + click.link.value % 3;
    click.at += std::chrono::minutes(random() % (std::uint64_t{3} * 24 * 60));
    click.referrer = std::to_string(random() % 40);
    click.visitor = random() % 100;
  }
  return clicks;
}

TEST_F(ClickSummingTest, CountsEachClickOnceHoweverItIsInterrupted) {
  std::mt19937_64 random(11);
  int undone = 0;
  int left_inside = 0;
  for (int round = 0; round < 400; ++round) {
    const char* end = random() % 4 == 0 ? "ROLLBACK" : "COMMIT";
    undone += *end == 'R' ? 1 : 0;
    if (random() % 8 == 0) {
      summing_ = std::make_unique<ClickSumming>(100);  // remembers nothing
    }
    if (random() % 2 == 0) {
      ship(random_clicks(random), end);
    } else {
      sum_up(static_cast<int>(random() % 15), end);
      left_inside += static_cast<int>(number("SELECT end_click > first_click FROM sums_cursor"));
    }
    if (round % 20 == 0) {
      EXPECT_EQ(faults(), 0U) << "round " << round;
    }
  }
  while (sum_up(5, "COMMIT") > 0) {
  }

  EXPECT_EQ(faults(), 0U);
  EXPECT_EQ(number("SELECT sum(clicks) FROM user_clicks"), number("SELECT count(*) FROM clicks"));
  EXPECT_GT(left_inside, 20);
  std::printf("%d transactions undone, %d times left inside a portion, %lld clicks\n",
              undone,
              left_inside,
              static_cast<long long>(number("SELECT count(*) FROM clicks")));
}

TEST_F(ClickSummingTest, TellsHowManyClicksAreLeft) {
  std::vector<domain::Click> clicks(250, known_click());
  for (domain::Click& click : clicks) {
    click.link.value = 1 + (&click - clicks.data()) % 10;
  }
  ship(clicks, "COMMIT");

  EXPECT_EQ(sum_up(5, "COMMIT"), 250U) << "of half of the links, in no user's";
  EXPECT_EQ(sum_up(1'000, "COMMIT"), 150U) << "a portion is whole";
  EXPECT_EQ(sum_up(1'000, "COMMIT"), 50U);
  EXPECT_EQ(sum_up(1'000, "COMMIT"), 0U);
}

TEST_F(ClickSummingTest, IsNotHeldUpByClicksThatAreGone) {
  ship(std::vector<domain::Click>(10, known_click()), "COMMIT");
  database_.execute("DELETE FROM clicks").value();
  summing_ = std::make_unique<ClickSumming>();

  EXPECT_EQ(sum_up(1'000, "COMMIT"), 0U);
  ship({known_click()}, "COMMIT");
  EXPECT_EQ(sum_up(1'000, "COMMIT"), 0U);
  EXPECT_EQ(number("SELECT sum(clicks) FROM user_clicks"), 1);
  EXPECT_EQ(faults(), 0U);
}

/// Clicks of link 7 on a day after kQuarterPastTen's, in so many of its quarters of an hour.
std::vector<domain::Click> clicks_of_day(int day, int quarters) {
  std::vector<domain::Click> clicks;
  for (int quarter = 0; quarter < quarters; ++quarter) {
    clicks.push_back(known_click());
    clicks.back().at += std::chrono::days(day) + quarter * 15min;
  }
  return clicks;
}

TEST_F(ClickSummingTest, SumsUpADayWithManyStretchesWhenTheNextHasAClick) {
  ship(clicks_of_day(0, 8), "COMMIT");
  sum_up(1'000, "COMMIT");
  EXPECT_EQ(number("SELECT count(*) FROM day_sums"), 0);

  ship(clicks_of_day(2, 7), "COMMIT");
  sum_up(1'000, "COMMIT");
  EXPECT_EQ(number("SELECT count(*) FROM day_sums"), 1);

  ship(clicks_of_day(3, 1), "COMMIT");
  sum_up(1'000, "COMMIT");
  EXPECT_EQ(number("SELECT count(*) FROM day_sums"), 1) << "seven stretches are not many";
  EXPECT_EQ(faults(), 0U);
}

TEST_F(ClickSummingTest, RenewsTheSumsOfADayWithClicksThatCameLate) {
  ship(clicks_of_day(0, 8), "COMMIT");
  ship(clicks_of_day(1, 1), "COMMIT");
  sum_up(1'000, "COMMIT");
  summing_ = std::make_unique<ClickSumming>();
  ship(clicks_of_day(0, 12), "COMMIT");
  sum_up(1'000, "COMMIT");

  const auto sums = database_.first("SELECT sums FROM day_sums",
                                    [](const Row& row) { return std::string(row.bytes(0)); });
  EXPECT_EQ(ClickSums::decode(**sums)->total(), (domain::ClickCount{20, 20}));
  EXPECT_EQ(faults(), 0U);
}

}  // namespace
}  // namespace ginnel::storage::sqlite
