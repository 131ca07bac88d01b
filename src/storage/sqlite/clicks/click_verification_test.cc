// SPDX-License-Identifier: MIT
// Faults that are put into the figures of clicks: each is found, told, and repaired.
#include "storage/sqlite/clicks/click_verification.h"

#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "storage/sqlite/clicks/click_fixture.h"

namespace ginnel::storage::sqlite {
namespace {

using namespace std::chrono_literals;

struct Planted {
  const char* what;
  const char* sql;
  std::vector<std::string> faults;
};

const std::vector<Planted>& all_planted() {
  static const std::vector<Planted> kAll = {
      {"a row that was counted twice",
       "UPDATE click_rollups SET clicks = 4, humans = 2 WHERE stretch = 1995113 AND dimension = 1 "
       "AND value = (SELECT id FROM click_texts WHERE text = 'example.org')",
       {"link 7, 2026-11-25T10:15, referrer example.org: 4 (of people: 2) kept, "
        "2 (of people: 1) counted"}},
      {"a bot that counts as a person",
       "UPDATE click_rollups SET humans = 1 WHERE dimension = 6 AND value = 1",
       {"link 7, 2026-11-25T10:15, bot class bot: 1 (of people: 1) kept, "
        "1 (of people: 0) counted"}},
      {"a row that is missing",
       "DELETE FROM click_rollups WHERE dimension = 2 AND stretch = 1995113",
       {"link 7, 2026-11-25T10:15, country DE: 0 (of people: 0) kept, "
        "2 (of people: 1) counted"}},
      {"a value that nobody had",
       "INSERT INTO click_texts (id, text) VALUES (99, 'Amiga'); "
       "INSERT INTO click_rollups VALUES (7, 1995113, 5, 99, 3, 3, NULL)",
       {"link 7, 2026-11-25T10:15, system Amiga: 3 (of people: 3) kept, "
        "0 (of people: 0) counted"}},
      {"a day on which there was no click",
       "INSERT INTO click_rollups VALUES (7, 1995305, 1, 0, 1, 1, NULL)",
       {"link 7, 2026-11-27T10:15, referrer (unknown): 1 (of people: 1) kept, "
        "0 (of people: 0) counted"}},
      {"a link that was never clicked",
       "INSERT INTO click_rollups VALUES (5, 1995113, 0, 0, 1, 1, NULL)",
       {"link 5, 2026-11-25T10:15, all: 1 (of people: 1) kept, 0 (of people: 0) counted"}},
      {"a row of nothing",
       "INSERT INTO click_rollups VALUES (7, 1995114, 0, 0, 0, 0, NULL)",
       {"link 7, 2026-11-25T10:30, all: 0 (of people: 0) kept, 0 (of people: 0) counted"}},
      {"a dimension that there is not",
       "INSERT INTO click_rollups VALUES (7, 1995113, 9, 0, 1, 1, NULL)",
       {"link 7, 2026-11-25T10:15, dimension 9: 1 (of people: 1) kept, 0 (of people: 0) counted"}},
      {"a text that is not there",
       "INSERT INTO click_rollups VALUES (7, 1995113, 1, 500, 1, 1, NULL)",
       {"link 7, 2026-11-25T10:15, referrer text 500, which is not there: 1 (of people: 1) kept, "
        "0 (of people: 0) counted"}},
      {"people who are missing",
       "UPDATE click_rollups SET visitors = NULL WHERE visitors IS NOT NULL",
       {"link 7, 2026-11-26T00:00, all: 1 (of people: 1) kept, 1 (of people: 1) counted; "
        "visitors: none kept, about 1 counted",
        "link 7, 2026-11-25T10:15, all: 2 (of people: 1) kept, 2 (of people: 1) counted; "
        "visitors: none kept, about 1 counted"}},  // its last click is the last
      {"people who were not there",
       "UPDATE click_rollups SET visitors = x'01000041000081' WHERE stretch = 1995113 "
       "AND dimension = 0",
       {"link 7, 2026-11-25T10:15, all: 2 (of people: 1) kept, 2 (of people: 1) counted; "
        "visitors: about 2 kept, about 1 counted"}},
      {"people beside another dimension",
       "UPDATE click_rollups SET visitors = x'01000041' WHERE stretch = 1995113 "
       "AND dimension = 3",
       {"link 7, 2026-11-25T10:15, device mobile: 2 (of people: 1) kept, 2 (of people: 1) "
        "counted; visitors: about 1 kept, none counted"}},
      {"people in damaged bytes",
       "UPDATE click_rollups SET visitors = x'ff' WHERE stretch = 1995113 AND dimension = 0",
       {"link 7, 2026-11-25T10:15, all: 2 (of people: 1) kept, 2 (of people: 1) counted; "
        "visitors: damaged bytes kept, about 1 counted"}},
      {"the values of a day that are missing",
       "DELETE FROM daily_values WHERE day = 20783",
       {"link 7, 2026-11-26, values of the day: 0 kept, others counted: 5"}},
      {"the values of a day that are damaged",
       "UPDATE daily_values SET texts = x'ffff' WHERE day = 20783",
       {"link 7, 2026-11-26, values of the day: a damaged list kept, others counted: 5"}},
      {"the values of a day without a click",
       "INSERT INTO daily_values VALUES (7, 20700, x'0102000000')",
       {"link 7, 2026-09-04, values of the day: 1 kept, others counted: 0"}},
      {"a user whose clicks were counted twice",
       "UPDATE user_clicks SET clicks = 6",
       {"user 1, clicks: 6 until 2026-11-26T00:00:00 kept, 3 until 2026-11-26T00:00:00 counted"}},
      {"a user whose last click came too early",
       "UPDATE user_clicks SET last_at = last_at - 1",
       {"user 1, clicks: 3 until 2026-11-25T23:59:59.999999 kept, "
        "3 until 2026-11-26T00:00:00 counted"}},
      {"a user who is missing",
       "DELETE FROM user_clicks",
       {"user 1, clicks: none kept, 3 until 2026-11-26T00:00:00 counted"}},
      {"a user whose links nobody clicked",
       "INSERT INTO user_clicks VALUES (5, 2, 0)",
       {"user 5, clicks: 2 until 1970-01-01T00:00:00 kept, none counted"}},
  };
  return kAll;
}

/// Three clicks on two days, of which one is no person's.
void ship_some(ClickFile& file) {
  auto bot = known_click();
  bot.bot = domain::BotClass::kBot;
  auto next_day = known_click();
  next_day.at = std::chrono::sys_days(std::chrono::year(2026) / 11 / 26);
  file.ship({known_click(), next_day, bot});
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
    file.plant(planted.sql);

    const auto found = file.verify(Verification::kCompare);
    const auto repaired = file.verify(Verification::kRepair);
    const auto after = file.verify(Verification::kCompare);

    EXPECT_EQ(texts(found), planted.faults);
    EXPECT_EQ(found.differ, planted.faults.size());
    EXPECT_FALSE(found.repaired);
    EXPECT_EQ(texts(repaired), planted.faults);
    EXPECT_TRUE(repaired.repaired);
    EXPECT_EQ(after.differ, 0U);
    // 8 of the first day, 7 of the second, the values of both, the user
    EXPECT_EQ(after.rollups, 18U);
  }
  std::printf("%zu faults planted\n", all_planted().size());
}

TEST(ClickVerification, FindsAClickThatIsGone) {
  ClickFile file;
  ship_some(file);
  file.plant("DELETE FROM clicks WHERE id = 1");

  const auto report = file.verify(Verification::kRepair);

  EXPECT_EQ(report.clicks, 2U);
  EXPECT_EQ(texts(report).front(),
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
  file.plant("DELETE FROM click_rollups");

  const auto report = file.verify(Verification::kRepair);

  EXPECT_EQ(report.links, 50U);
  EXPECT_EQ(report.differ, 350U);
  EXPECT_EQ(report.faults.size(), 100U);
  EXPECT_EQ(file.verify(Verification::kCompare).differ, 0U);
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
  file.ship({clicks.begin() + 100, clicks.end()});

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
  }

  EXPECT_EQ(texts(file.verify(Verification::kCompare)), std::vector<std::string>());
  file.plant("DELETE FROM click_rollups; DELETE FROM daily_values");
  EXPECT_TRUE(file.verify(Verification::kRepair).repaired);
  EXPECT_EQ(texts(file.verify(Verification::kCompare)), std::vector<std::string>());
}

}  // namespace
}  // namespace ginnel::storage::sqlite
