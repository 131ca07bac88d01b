// SPDX-License-Identifier: MIT
#include "storage/click_store_contract.h"

namespace ginnel::storage {

TEST_P(ClickStoreContract, BelongsToOneDatabase) {
  const auto id = run_blocking_task(this->clicks().database_id({}));
  const auto again = run_blocking_task(this->clicks().database_id({}));

  ASSERT_TRUE(id);
  EXPECT_EQ(id->size(), 32U);
  EXPECT_EQ(id->find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_EQ(*id, *again);
}

TEST_P(ClickStoreContract, MovesTheCursorWithTheClicks) {
  EXPECT_EQ(this->cursor("a").next, 0U);

  EXPECT_EQ(*this->ship_as("a", 0, 64), ShipOutcome::kShipped);
  EXPECT_EQ(*this->ship_as("a", 64, 128), ShipOutcome::kShipped);

  EXPECT_EQ(this->cursor("a").next, 128U);
  EXPECT_FALSE(this->cursor("a").done);
  EXPECT_EQ(this->cursor("b").next, 0U);
  EXPECT_EQ(this->clicks_in_all(), 2U);
}

TEST_P(ClickStoreContract, StoresABatchOnce) {
  this->ship_as("a", 0, 64).value();

  EXPECT_EQ(*this->ship_as("a", 0, 64), ShipOutcome::kShippedBefore);
  EXPECT_EQ(*this->ship_as("a", 0, 128), ShipOutcome::kShippedBefore);
  EXPECT_EQ(*this->ship_as("a", 32, 128), ShipOutcome::kShippedBefore);

  EXPECT_EQ(this->cursor("a").next, 64U);
  EXPECT_EQ(this->clicks_in_all(), 1U);
  EXPECT_EQ(this->all_events().size(), 2U);
}

TEST_P(ClickStoreContract, ChangesNothingForABatchThatBeginsInAnUnknownSegment) {
  EXPECT_EQ(*this->ship_as("a", 64, 128), ShipOutcome::kShippedBefore);

  EXPECT_EQ(this->cursor("a").next, 0U);
  EXPECT_EQ(this->clicks_in_all(), 0U);
  EXPECT_EQ(*this->ship_as("a", 0, 64), ShipOutcome::kShipped);
}

TEST_P(ClickStoreContract, TakesNothingOfASegmentThatIsDone) {
  ClickBatch last = {"a", 0, 64, true, {this->click()}};
  run_blocking_task(this->clicks().ship_one(last, {})).value();
  EXPECT_TRUE(this->cursor("a").done);
  last.from = 64;

  EXPECT_EQ(*run_blocking_task(this->clicks().ship_one(last, {})), ShipOutcome::kShippedBefore);

  EXPECT_EQ(this->clicks_in_all(), 1U);
}

TEST_P(ClickStoreContract, EndsASegmentWithoutAClick) {
  this->ship_as("a", 0, 64).value();
  const ClickBatch last = {"a", 64, 64, true, {}};

  EXPECT_EQ(*run_blocking_task(this->clicks().ship_one(last, {})), ShipOutcome::kShipped);

  EXPECT_TRUE(this->cursor("a").done);
  EXPECT_EQ(this->cursor("a").next, 64U);
}

// NOLINTNEXTLINE(readability-function-cognitive-complexity): what two threads do is one story
TEST_P(ClickStoreContract, StoresEachClickOnceWhenTwoShip) {
  constexpr std::uint64_t kBatches = 100;
  std::atomic<std::uint64_t> shipped = 0;
  const auto ship_all = [&] {
    for (std::uint64_t batch = 0; batch < kBatches; ++batch) {
      const auto outcome = this->ship_as("a", batch, batch + 1);
      shipped += outcome && *outcome == ShipOutcome::kShipped ? 1 : 0;
    }
  };

  std::thread other(ship_all);
  ship_all();
  other.join();

  EXPECT_EQ(shipped, kBatches);
  EXPECT_EQ(this->clicks_in_all(), kBatches);
  EventQuery all;
  all.limit = 1'000;
  EXPECT_EQ(this->all_events(all).size(), kBatches + 1);
}

TEST_P(ClickStoreContract, CountsClicksInTheirBuckets) {
  const std::int64_t begin = this->kMidnight;
  const std::int64_t end = begin + 3 * this->kQuarter;
  auto clicks = this->clicks_at({begin - 1, begin, begin + 899, begin + 900, end - 1, end});
  clicks[2].bot = domain::BotClass::kBot;
  this->ship(clicks);

  const auto stats = this->stats({begin, begin + 900, end});

  EXPECT_EQ(stats.total, (domain::ClickCount{4, 3}));
  ASSERT_EQ(stats.buckets.size(), 2U);
  EXPECT_EQ(stats.buckets[0].begin, this->at(begin));
  EXPECT_EQ(stats.buckets[0].count, (domain::ClickCount{2, 1}));
  EXPECT_EQ(stats.buckets[1].begin, this->at(begin + 900));
  EXPECT_EQ(stats.buckets[1].count, (domain::ClickCount{2, 2}));
}

TEST_P(ClickStoreContract, GivesEmptyBucketsForALinkWithoutClicks) {
  const auto stats = this->stats({0, 900, 1'800});

  EXPECT_EQ(stats.total, domain::ClickCount());
  EXPECT_EQ(stats.daily_visitors, 0U);
  EXPECT_EQ(stats.buckets.size(), 2U);
  EXPECT_TRUE(stats.values[1].empty());
  EXPECT_TRUE(this->stats({}).buckets.empty());
  EXPECT_TRUE(this->stats({900}).buckets.empty());
}

TEST_P(ClickStoreContract, RefusesBoundsThatAreNoQuartersOrDoNotAscend) {
  for (const std::vector<std::int64_t>& seconds :
       {std::vector<std::int64_t>{0, 901}, {900, 0}, {0, 0}, {1, 900}}) {
    domain::StatsQuery query;
    query.bounds = each(seconds, [this](std::int64_t second) { return this->at(second); });

    const auto refused = run_blocking_task(this->clicks().stats(query, {}));

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::kInvalid);
  }
}

TEST_P(ClickStoreContract, TellsValuesByTheirClicks) {
  using domain::Dimension;
  auto clicks = this->clicks_at({100, 101, 102, 2'000, 2'001, 2'002});
  clicks[0].referrer = "";
  clicks[1].referrer = "b.example";
  clicks[2].referrer = "a.example";
  clicks[3].referrer = "b.example";
  clicks[3].bot = domain::BotClass::kPreview;
  clicks[4].country = "";
  clicks[5].device = "desktop";
  clicks[5].browser = "";
  clicks[5].system = "Windows";
  this->ship(clicks);

  const auto stats = this->stats({0, 900, this->kDay});
  const auto two = this->stats({0, this->kDay}, 2);

  using Told = std::vector<std::string>;
  EXPECT_EQ(this->told(stats, Dimension::kReferrer),
            (Told{"b.example: 2, 1", "example.org: 2, 2", ": 1, 1", "a.example: 1, 1"}));
  EXPECT_EQ(this->told(two, Dimension::kReferrer), (Told{"b.example: 2, 1", "example.org: 2, 2"}));
  EXPECT_EQ(this->told(stats, Dimension::kCountry), (Told{"DE: 5, 4", ": 1, 1"}));
  EXPECT_EQ(this->told(stats, Dimension::kDevice), (Told{"mobile: 5, 4", "desktop: 1, 1"}));
  EXPECT_EQ(this->told(stats, Dimension::kBrowser), (Told{"Firefox: 5, 4", ": 1, 1"}));
  EXPECT_EQ(this->told(stats, Dimension::kSystem), (Told{"Android: 5, 4", "Windows: 1, 1"}));
  EXPECT_EQ(this->told(stats, Dimension::kBotClass), (Told{"human: 5, 5", "preview: 1, 0"}));
  EXPECT_TRUE(stats.values[0].empty());
  EXPECT_TRUE(this->stats({0, this->kDay}, 0).values[1].empty());
}

TEST_P(ClickStoreContract, ChoosesAmongValuesWithTheSameClicksByTheirTexts) {
  auto clicks = this->clicks_at({100, 100, 100, 100, 100});
  const std::array referrers = {"c.example", "a.example", "d.example", "b.example", "d.example"};
  for (std::size_t index = 0; index < clicks.size(); ++index) {
    clicks[index].referrer = referrers[index];
  }
  this->ship(clicks);

  EXPECT_EQ(this->told(this->stats({0, 900}, 3), domain::Dimension::kReferrer),
            (std::vector<std::string>{"d.example: 2, 2", "a.example: 1, 1", "b.example: 1, 1"}));
}

TEST_P(ClickStoreContract, ChoosesAFewOfManyValuesWithTheSameClicks) {
  std::vector<domain::Click> clicks;
  for (int i = 0; i < 50; ++i) {
    clicks.push_back(this->clicks_at({100}).front());
    clicks.back().referrer = std::to_string(i * 37 % 50 + 10) + ".example";  // 10 to 59, mixed
  }
  this->ship(clicks);

  EXPECT_EQ(this->told(this->stats({0, 900}, 2), domain::Dimension::kReferrer),
            (std::vector<std::string>{"10.example: 1, 1", "11.example: 1, 1"}));
}

TEST_P(ClickStoreContract, CountsAPersonOnceADay) {
  const std::int64_t day = this->kMidnight;
  // Twice in one hour, once more in another, and with the hash of the next day.
  auto clicks = this->clicks_at({day, day + 60, day + 7'200, day + this->kDay});
  clicks[3].visitor = 77;
  this->ship({clicks[0], clicks[1]});
  this->ship({clicks[2], clicks[3]});

  const auto stats = this->stats({day, day + 3'600, day + this->kDay, day + 2 * this->kDay});

  EXPECT_EQ(stats.buckets[0].daily_visitors, 1U);
  EXPECT_EQ(stats.buckets[1].daily_visitors, 1U);
  EXPECT_EQ(stats.buckets[2].daily_visitors, 1U);
  EXPECT_EQ(stats.daily_visitors, 2U);
}

TEST_P(ClickStoreContract, CountsAPersonTwiceInABucketOfTwoDays) {
  // The bounds of another time zone: the same hash, which a real one would not have after midnight.
  this->ship(this->clicks_at({this->kMidnight - 60, this->kMidnight + 60}));

  const auto stats = this->stats({this->kMidnight - 7'200, this->kMidnight + 7'200});

  EXPECT_EQ(stats.buckets[0].daily_visitors, 2U);
}

TEST_P(ClickStoreContract, CountsNeitherBotsNorUnknownVisitorsAsPeople) {
  auto clicks = this->clicks_at({100, 101, 102});
  clicks[0].visitor = 0;
  clicks[1].visitor = 1;
  clicks[1].bot = domain::BotClass::kMonitor;
  clicks[2].visitor = 2;
  this->ship(clicks);

  EXPECT_EQ(this->stats({0, 900}).daily_visitors, 1U);
}

TEST_P(ClickStoreContract, EstimatesManyPeople) {
  std::vector<domain::Click> clicks(20'000, this->click());
  std::mt19937_64 random(7);
  for (domain::Click& click : clicks) {
    click.visitor = random();
  }
  this->ship(clicks);

  const auto visitors = this->stats({0, 900}).daily_visitors;

  std::printf("%llu people of 20000\n", static_cast<unsigned long long>(visitors));
  EXPECT_NEAR(static_cast<double>(visitors), 20'000, 1'000);  // three times the standard error
}

/// Clicks with `count` different referrers, the first of which is `first`.
inline std::vector<domain::Click> spam(const domain::Click& click, int first, int count) {
  std::vector<domain::Click> clicks(static_cast<std::size_t>(count), click);
  for (domain::Click& each : clicks) {
    each.referrer = std::to_string(first++) + ".example";
  }
  return clicks;
}

TEST_P(ClickStoreContract, KeepsTheThousandValuesThatCameFirstEachDay) {
  const std::int64_t day = this->kMidnight;
  this->ship(spam(this->click(day), 0, 999));
  this->ship(spam(this->click(day + 3'600), 998, 3));             // 998, 999, and 1,000 is too many
  this->ship(spam(this->click(day + 60), 999, 2));                // as before, in another stretch
  this->ship(spam(this->click(day + this->kDay), 1'000, 1));      // a new day has room
  this->ship(spam(this->click(day - this->kDay), 2'000, 1'001));  // and an old one, once more

  const auto of_day = this->stats({day, day + this->kDay}, 2'000);
  const auto& values = of_day.values[static_cast<std::size_t>(domain::Dimension::kReferrer)];
  const auto next = this->stats({day + this->kDay, day + 2 * this->kDay});
  const auto before = this->stats({day - this->kDay, day}, 2'000);

  EXPECT_EQ(values.size(), 1'001U);
  EXPECT_EQ(values[0].value, domain::kOtherValue);
  EXPECT_EQ(values[0].count.clicks, 2U);
  EXPECT_EQ(values[1].value, "998.example");
  EXPECT_EQ(values[2].value, "999.example");
  EXPECT_EQ(values[2].count.clicks, 2U);
  EXPECT_EQ(of_day.total.clicks, 1'004U);
  EXPECT_EQ(this->told(next, domain::Dimension::kReferrer),
            (std::vector<std::string>{"1000.example: 1, 1"}));
  EXPECT_EQ(before.values[1].size(), 1'001U);
  EXPECT_EQ(before.total.clicks, 1'001U);
}

TEST_P(ClickStoreContract, CountsFurtherClicksOfAKnownValueWhenTheDayIsFull) {
  this->ship(spam(this->click(), 0, 1'500));

  this->ship(spam(this->click(1'000), 7, 1));
  this->ship(spam(this->click(1'000), 1'200, 1));

  EXPECT_EQ(this->told(this->stats({900, 1'800}), domain::Dimension::kReferrer),
            (std::vector<std::string>{"(other): 1, 1", "7.example: 1, 1"}));
}

TEST_P(ClickStoreContract, KeepsTheClicksOfALinkThatIsDeleted) {
  this->ship({this->click()});

  run_blocking_task(this->links().remove(this->link_.id, this->by(200))).value();
  this->ship({this->click(300)});

  EXPECT_EQ(this->clicks_in_all(), 2U);
}

TEST_P(ClickStoreContract, MakesTheSaltsOfTodayAndTomorrow) {
  const std::chrono::sys_days today(std::chrono::days(20'000));
  const auto salts = run_blocking_task(this->clicks().salts(today, {}));
  const auto again = run_blocking_task(this->clicks().salts(today, {}));

  ASSERT_TRUE(salts) << salts.error().detail;
  ASSERT_EQ(salts->size(), 2U);
  EXPECT_EQ((*salts)[0].day, today);
  EXPECT_EQ((*salts)[1].day, today + std::chrono::days(1));
  EXPECT_NE((*salts)[0].key, (*salts)[1].key);
  EXPECT_NE((*salts)[0].key, VisitorSalt().key);
  EXPECT_EQ(each(*again, &VisitorSalt::key), each(*salts, &VisitorSalt::key));
}

TEST_P(ClickStoreContract, NeverMakesASaltAgainWhenItsDayIsOver) {
  const std::chrono::sys_days today(std::chrono::days(20'000));
  const auto before = run_blocking_task(this->clicks().salts(today, {})).value();

  const auto after =
      run_blocking_task(this->clicks().salts(today + std::chrono::days(1), {})).value();
  const auto back = run_blocking_task(this->clicks().salts(today, {})).value();

  EXPECT_EQ(after[0].key, before[1].key);
  EXPECT_NE(back[0].key, before[0].key);  // a clock that went back finds it gone
  EXPECT_EQ(back[1].key, before[1].key);
}

TEST_P(ClickStoreContract, FindsNoFaultInWhatItCounted) {
  const auto other = this->add_link(this->link_.user, "second");
  this->ship(spam(this->click(), 0, 1'200));
  this->ship(this->clicks_at({5'000, 100'000, 5'000, 200}));
  this->ship({this->click_of(other)});

  const auto report = run_blocking_task(this->clicks().verify(Verification::kCompare));

  ASSERT_TRUE(report) << report.error().message << ": " << report.error().detail;
  EXPECT_EQ(report->clicks, 1'205U);
  EXPECT_EQ(report->links, 2U);
  EXPECT_EQ(report->differ, 0U);
  EXPECT_TRUE(report->faults.empty());
  EXPECT_FALSE(report->repaired);
}

}  // namespace ginnel::storage
