// SPDX-License-Identifier: MIT
#include "domain/click.h"

#include <chrono>
#include <cstddef>
#include <set>
#include <string_view>

#include <gtest/gtest.h>

#include "domain/click_stats.h"

namespace ginnel::domain {
namespace {

TEST(BotClass, HasATextOfItsOwnEach) {
  std::set<std::string_view> texts;
  for (std::size_t bot = 0; bot < kBotClassCount; ++bot) {
    texts.insert(to_text(static_cast<BotClass>(bot)));
  }

  EXPECT_EQ(texts, (std::set<std::string_view>{"human", "bot", "preview", "prefetch", "monitor"}));
}

TEST(Stretch, BeginsEveryQuarterOfAnHour) {
  using namespace std::chrono_literals;
  const Timestamp noon = std::chrono::sys_days(std::chrono::year(2026) / 11 / 25) + 12h;

  EXPECT_EQ(Timestamp(stretch_of(noon)), noon);
  EXPECT_EQ(Timestamp(stretch_of(noon + 14min + 59s)), noon);
  EXPECT_EQ(Timestamp(stretch_of(noon + 15min)), noon + 15min);
  EXPECT_EQ(Timestamp(stretch_of(noon - 1us)), noon - 15min);
}

TEST(Stretch, LiesInADayAlsoBefore1970) {
  using namespace std::chrono_literals;

  EXPECT_EQ(day_of(stretch_of(Timestamp(-1us))), std::chrono::sys_days(std::chrono::days(-1)));
  EXPECT_EQ(day_of(stretch_of(Timestamp(24h))), std::chrono::sys_days(std::chrono::days(1)));
  EXPECT_EQ(kStretchesADay, 96);
}

}  // namespace
}  // namespace ginnel::domain
