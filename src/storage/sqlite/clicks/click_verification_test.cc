// SPDX-License-Identifier: MIT
// Faults that are put into the figures of clicks: each is found, told, and repaired.
#include "storage/sqlite/clicks/click_verification.h"

#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "storage/click_sums.h"
#include "storage/sqlite/clicks/click_fixture.h"

namespace ginnel::storage::sqlite {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kStretch = 1995113;  ///< kQuarterPastTen

/// Three clicks on two days, of which one is no person's.
std::vector<domain::Click> some_clicks() {
  auto bot = known_click();
  bot.bot = domain::BotClass::kBot;
  auto next_day = known_click();
  next_day.at = std::chrono::sys_days(std::chrono::year(2026) / 11 / 26);
  return {known_click(), next_day, bot};
}

void ship_some(ClickFile& file) {
  file.ship(some_clicks());
  file.sum_up();
}

/// A click of a person or a bot, all of whose texts have this number.
SummedClick click_with(TextId text, std::uint64_t visitor) {
  SummedClick click;
  click.human = visitor != 0;
  click.visitor = visitor;
  click.values.fill(text);
  click.values.back() =
      static_cast<TextId>(click.human ? domain::BotClass::kHuman : domain::BotClass::kBot);
  return click;
}

std::string sums_of(const std::vector<SummedClick>& clicks) {
  ClickSums sums;
  for (const SummedClick& click : clicks) {
    sums.add(click);
  }
  return sums.encoded();
}

struct Planted {
  const char* what;
  std::function<void(const ClickFile&)> plant;
  std::size_t differ;
  const char* first_fault;
};

Planted planted_sql(const char* what, const char* sql, const char* fault, std::size_t differ = 1) {
  return {what, [sql](const ClickFile& file) { file.plant(sql); }, differ, fault};
}

const std::vector<Planted>& all_planted() {
  static const std::vector<Planted> kAll = {
      planted_sql("sums that are missing",
                  "DELETE FROM link_sums WHERE stretch = 1995113",
                  "link 7, 2026-11-25T10:15, all: 0 (of people: 0) kept, 2 (of people: 1) counted; "
                  "visitors: none kept, about 1 counted",
                  8),
      planted_sql("sums of another day",
                  "INSERT INTO link_sums SELECT 7, 1995305, sums FROM link_sums WHERE stretch = "
                  "1995113",
                  "link 7, 2026-11-27T10:15, all: 2 (of people: 1) kept, 0 (of people: 0) counted; "
                  "visitors: about 1 kept, none counted",
                  8),
      planted_sql(
          "sums of another stretch",
          "UPDATE link_sums SET sums = (SELECT sums FROM link_sums WHERE stretch = 1995113) "
          "WHERE stretch <> 1995113",
          "link 7, 2026-11-26T00:00, all: 2 (of people: 1) kept, 1 (of people: 1) counted",
          7),
      planted_sql("a link that was never clicked",
                  "INSERT INTO link_sums SELECT 5, stretch, sums FROM link_sums WHERE stretch = "
                  "1995113",
                  "link 5, 2026-11-25T10:15, all: 2 (of people: 1) kept, 0 (of people: 0) counted; "
                  "visitors: about 1 kept, none counted",
                  8),
      planted_sql("damaged bytes",
                  "UPDATE link_sums SET sums = x'ff' WHERE stretch = 1995113",
                  "link 7, 2026-11-25T10:15, damaged bytes kept"),
      {"other values and people",
       [](const ClickFile& file) {
         file.plant(kStretch, sums_of({click_with(kUnknownText, 5), click_with(500, 0)}));
       },
       16,
       "link 7, 2026-11-25T10:15, all: 2 (of people: 1) kept, 2 (of people: 1) counted; "
       "visitors: about 1 kept, about 1 counted"},
      {"sums of nothing",
       [](const ClickFile& file) { file.plant(kStretch + 1, ClickSums().encoded()); },
       1,
       "link 7, 2026-11-25T10:30, all: 0 (of people: 0) kept, 0 (of people: 0) counted"},
      planted_sql("a day's sums that nothing accounts for",
                  "INSERT INTO day_sums SELECT 7, 20783, sums FROM link_sums WHERE stretch = "
                  "1995113",
                  "link 7, 2026-11-26, all: 2 (of people: 1) kept, 1 (of people: 1) counted",
                  7),
      planted_sql("a day's damaged bytes",
                  "INSERT INTO day_sums VALUES (7, 20783, x'ff')",
                  "link 7, 2026-11-26, damaged bytes kept"),
      planted_sql("the sums of a day without clicks",
                  "INSERT INTO day_sums SELECT 9, 20783, sums FROM link_sums WHERE stretch = "
                  "1995113",
                  "link 9, 2026-11-26, all: 2 (of people: 1) kept, 0 (of people: 0) counted; "
                  "visitors: about 1 kept, none counted",
                  8),
      planted_sql("a list that lacks clicks",
                  "DELETE FROM click_lists WHERE owner_kind = 0",
                  "link 7, list of clicks: it says other than the clicks"),
      planted_sql(
          "a list that has a click too many",
          "UPDATE click_lists SET steps = CAST(steps || x'05' AS BLOB) WHERE owner_kind = 1",
          "user 1, list of clicks: it says other than the clicks"),
      planted_sql("a list of somebody who has no clicks",
                  "INSERT INTO click_lists VALUES (0, 5, 1, x'')",
                  "link 5, list of clicks: it says other than the clicks"),
      planted_sql("a list of a number that no click has",
                  "INSERT INTO click_lists VALUES (0, 5, -3, x'')",
                  "link 5, list of clicks: it says other than the clicks"),
      planted_sql("a list in the place of another",
                  "UPDATE click_lists SET first_id = 2, steps = x'01' WHERE owner_kind = 0",
                  "link 7, list of clicks: it says other than the clicks"),
      planted_sql("a user whose clicks were counted twice",
                  "UPDATE user_clicks SET clicks = 6",
                  "user 1, clicks: 6 until 2026-11-26T00:00:00 kept, "
                  "3 until 2026-11-26T00:00:00 counted"),
      planted_sql("a user whose last click came too early",
                  "UPDATE user_clicks SET last_at = last_at - 1",
                  "user 1, clicks: 3 until 2026-11-25T23:59:59.999999 kept, "
                  "3 until 2026-11-26T00:00:00 counted"),
      planted_sql("a user who is missing",
                  "DELETE FROM user_clicks",
                  "user 1, clicks: none kept, 3 until 2026-11-26T00:00:00 counted"),
      planted_sql("a user whose links nobody clicked",
                  "INSERT INTO user_clicks VALUES (5, 2, 0)",
                  "user 5, clicks: 2 until 1970-01-01T00:00:00 kept, none counted"),
  };
  return kAll;
}

std::vector<std::string> texts(const VerifyReport& report) {
  return each(report.faults, &RollupFault::what);
}

TEST(ClickVerification, FindsTellsAndRepairsEachFault) {
  for (const Planted& planted : all_planted()) {
    SCOPED_TRACE(planted.what);
    ClickFile file;
    ship_some(file);
    EXPECT_EQ(file.verify(Verification::kCompare).differ, 0U);
    planted.plant(file);

    const auto found = file.verify(Verification::kCompare);
    const auto repaired = file.verify(Verification::kRepair);
    const auto after = file.verify(Verification::kCompare);

    EXPECT_EQ(found.differ, planted.differ);
    EXPECT_EQ(texts(found).front(), planted.first_fault);
    EXPECT_FALSE(found.repaired);
    EXPECT_EQ(texts(repaired), texts(found));
    EXPECT_TRUE(repaired.repaired);
    EXPECT_EQ(after.differ, 0U);
    EXPECT_EQ(after.rollups, 3U);  // a stretch of each day, and the user
  }
  std::printf("%zu faults planted\n", all_planted().size());
}

TEST(ClickVerification, FindsAClickThatIsGone) {
  ClickFile file;
  ship_some(file);
  file.plant("DELETE FROM clicks WHERE id = 1");

  const auto report = file.verify(Verification::kRepair);

  EXPECT_EQ(report.clicks, 2U);
  const std::vector<std::string> lists = {"link 7, list of clicks: it says other than the clicks",
                                          "user 1, list of clicks: it says other than the clicks"};
  EXPECT_EQ(std::vector<std::string>({texts(report)[0], texts(report)[1]}), lists);
  EXPECT_EQ(texts(report)[2],
            "link 7, 2026-11-25T10:15, all: 2 (of people: 1) kept, 1 (of people: 0) counted; "
            "visitors: about 1 kept, none counted");
  EXPECT_EQ(file.verify(Verification::kCompare).differ, 0U);
}

TEST(ClickVerification, TellsTheFirstHundredFaults) {
  ClickFile file;
  std::vector<domain::Click> clicks(50, known_click());
  for (domain::Click& click : clicks) {
    click.link.value += &click - clicks.data();
  }
  file.ship(clicks);
  file.sum_up();
  file.plant("DELETE FROM link_sums");

  const auto report = file.verify(Verification::kRepair);

  EXPECT_EQ(report.links, 50U);
  EXPECT_EQ(report.differ, 350U);
  EXPECT_EQ(report.faults.size(), 100U);
  EXPECT_EQ(file.verify(Verification::kCompare).differ, 0U);
}

TEST(ClickVerification, SumsUpWhatIsNot) {
  ClickFile file;
  ship_some(file);
  file.ship(some_clicks());

  const auto report = file.verify(Verification::kCompare);

  EXPECT_EQ(report.clicks, 6U);
  EXPECT_EQ(report.differ, 0U);
}

TEST(ClickVerification, CountsDaysThatWereShippedLate) {
  ClickFile file;
  std::vector<domain::Click> clicks;
  for (int turn = 0; turn < 300; ++turn) {
    auto click = known_click();
    click.at += std::chrono::days(turn * 7 % 5) + turn * 13min;
    click.referrer = std::to_string(turn * 11 % 17);
    click.visitor = static_cast<std::uint64_t>(turn % 40) << 40u;
    clicks.push_back(click);
  }
  file.ship({clicks.begin(), clicks.begin() + 100});
  file.sum_up();
  file.ship({clicks.begin() + 100, clicks.end()});
  file.sum_up();

  const auto report = file.verify(Verification::kCompare);

  EXPECT_EQ(report.clicks, 300U);
  EXPECT_EQ(texts(report), std::vector<std::string>());
}

TEST(ClickVerification, AgreesAboutDaysWithTooManyValues) {
  ClickFile file;
  std::vector<domain::Click> clicks;
  for (int turn = 0; turn < 3'000; ++turn) {
    auto click = known_click();
    click.at += turn * 7 % 90 * 1min;
    click.referrer = std::to_string(turn * 13 % 1'100) + ".example";
    clicks.push_back(click);
  }
  for (auto begin = clicks.begin(); begin != clicks.end(); begin += 100) {
    file.ship({begin, begin + 100});
    file.sum_up();
  }

  EXPECT_EQ(texts(file.verify(Verification::kCompare)), std::vector<std::string>());
  file.plant("DELETE FROM link_sums");
  EXPECT_TRUE(file.verify(Verification::kRepair).repaired);
  EXPECT_EQ(texts(file.verify(Verification::kCompare)), std::vector<std::string>());
}

}  // namespace
}  // namespace ginnel::storage::sqlite
