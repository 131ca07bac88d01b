// SPDX-License-Identifier: MIT
#include "domain/calendar.h"

#include <gtest/gtest.h>

#include "domain/click_stats.h"

namespace ginnel::domain {
namespace {

using Texts = std::vector<std::string>;

Timestamp utc(const char* text) {
  return parse_timestamp(text).value();
}

TimeZone zone(const char* name) {
  return TimeZone::find(name).value();
}

Texts bounds(const char* name, Period period, const char* from, const char* to) {
  const TimeZone place = zone(name);
  Texts texts;
  const auto found = place.bounds(period, utc(from), utc(to), 1'000);
  for (const Timestamp at : found.value_or(std::vector<Timestamp>())) {
    texts.push_back(place.text_of(at));
  }
  return texts;
}

TEST(Calendar, ReadsTheWordsItWrites) {
  for (const char* word : {"hour", "day", "week", "month"}) {
    const auto period = parse_period(word);
    ASSERT_TRUE(period) << word;
    EXPECT_EQ(to_text(*period), word);
  }
  EXPECT_FALSE(parse_period("year"));
  EXPECT_FALSE(parse_period("Day"));
}

TEST(Calendar, KnowsTheZonesOfTheWorldAndNoOthers) {
  EXPECT_EQ(zone("Europe/Berlin").name(), "Europe/Berlin");
  EXPECT_TRUE(TimeZone::find("UTC"));
  for (const char* name : {"", "Mars/Olympus", "../etc/passwd", "europe/berlin"}) {
    EXPECT_FALSE(TimeZone::find(name)) << name;
  }
}

TEST(Calendar, ADayLastsAsLongAsTheClockOfThePlaceSays) {
  EXPECT_EQ(bounds("Europe/Berlin", Period::kDay, "2026-03-28T12:00:00", "2026-03-30T12:00:00"),
            (Texts{"2026-03-28T00:00:00+01:00",
                   "2026-03-29T00:00:00+01:00",  // 23 hours
                   "2026-03-30T00:00:00+02:00",
                   "2026-03-31T00:00:00+02:00"}));
  EXPECT_EQ(bounds("Europe/Berlin", Period::kDay, "2026-10-25T12:00:00", "2026-10-25T23:00:01"),
            (Texts{"2026-10-25T00:00:00+02:00",  // 25 hours
                   "2026-10-26T00:00:00+01:00",
                   "2026-10-27T00:00:00+01:00"}));
}

TEST(Calendar, ADayWithoutMidnightBeginsWhenTheClockJumps) {
  EXPECT_EQ(
      bounds("Africa/Cairo", Period::kDay, "2026-04-23T21:30:00", "2026-04-24T12:00:00"),
      (Texts{
          "2026-04-23T00:00:00+02:00", "2026-04-24T01:00:00+03:00", "2026-04-25T00:00:00+03:00"}));
}

TEST(Calendar, WeeksBeginOnMondayAndMonthsOnTheFirst) {
  EXPECT_EQ(bounds("UTC", Period::kWeek, "2026-11-25T00:00:00", "2026-11-30T00:00:00"),
            (Texts{"2026-11-23T00:00:00+00:00", "2026-11-30T00:00:00+00:00"}));
  EXPECT_EQ(
      bounds("Asia/Tokyo", Period::kMonth, "2026-01-31T16:00:00", "2026-03-01T00:00:00"),
      (Texts{
          "2026-02-01T00:00:00+09:00", "2026-03-01T00:00:00+09:00", "2026-04-01T00:00:00+09:00"}));
}

TEST(Calendar, HoursStandOnTheClockOfZonesThatAreHalfAnHourOff) {
  EXPECT_EQ(
      bounds("Asia/Kolkata", Period::kHour, "2026-11-25T00:00:00", "2026-11-25T01:00:00"),
      (Texts{
          "2026-11-25T05:00:00+05:30", "2026-11-25T06:00:00+05:30", "2026-11-25T07:00:00+05:30"}));
}

TEST(Calendar, EveryBoundOfEveryPeriodIsOneThatRollupsKnow) {
  int compared = 0;
  for (const char* name : {"UTC",
                           "Europe/Berlin",
                           "Asia/Kathmandu",
                           "Australia/Lord_Howe",
                           "Pacific/Chatham",
                           "America/St_Johns",
                           "America/Sao_Paulo"}) {
    for (const Period period : {Period::kHour, Period::kDay, Period::kWeek, Period::kMonth}) {
      const auto found =
          zone(name).bounds(period, utc("2026-01-01T00:00:00"), utc("2027-01-01T00:00:00"), 9'000);
      ASSERT_TRUE(found) << name;
      for (const Timestamp at : *found) {
        EXPECT_EQ(at.time_since_epoch() % kRollupLength, std::chrono::microseconds(0));
        ++compared;
      }
    }
  }
  std::printf("%d bounds, each a multiple of %d minutes\n",
              compared,
              static_cast<int>(kRollupLength.count()));
}

TEST(Calendar, RefusesMorePeriodsThanAreWanted) {
  const auto hours = [](std::size_t most) {
    return zone("UTC").bounds(
        Period::kHour, utc("2026-01-01T00:00:00"), utc("2026-01-02T00:00:00"), most);
  };
  EXPECT_TRUE(hours(24));
  EXPECT_FALSE(hours(23));
}

TEST(Calendar, ReadsLocalTime) {
  EXPECT_EQ(zone("Europe/Berlin").from_local(utc("2026-07-01T00:00:00")),
            utc("2026-06-30T22:00:00"));
}

}  // namespace
}  // namespace ginnel::domain
