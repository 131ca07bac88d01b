// SPDX-License-Identifier: MIT
#include "domain/calendar.h"

#include <algorithm>
#include <functional>

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

TEST(Calendar, NoNameStandsForWhateverTheMachineIsSetTo) {
  for (const char* name : {"localtime",
                           "posixrules",
                           "Factory",
                           "posix/Europe/Berlin",
                           "right/Europe/Berlin",
                           "SystemV/EST5",
                           "/etc/localtime",
                           "/usr/share/zoneinfo/Europe/Berlin",
                           "Europe/../localtime",
                           "./localtime",
                           "tzdata.zi",
                           "zone.tab"}) {
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

TEST(Calendar, AnHourEndsWhereTheClockChangesInItsMiddle) {
  const char* const lord_howe = "Australia/Lord_Howe";
  EXPECT_EQ(bounds(lord_howe, Period::kHour, "2026-04-04T14:10:00", "2026-04-04T16:00:00"),
            (Texts{"2026-04-05T01:00:00+11:00",
                   "2026-04-05T01:30:00+10:30",  // half an hour, for the second time
                   "2026-04-05T02:00:00+10:30",
                   "2026-04-05T03:00:00+10:30"}));
  EXPECT_EQ(bounds(lord_howe, Period::kHour, "2026-10-03T14:40:00", "2026-10-03T16:30:00"),
            (Texts{"2026-10-04T01:00:00+10:30",
                   "2026-10-04T02:30:00+11:00",  // what is left of that hour
                   "2026-10-04T03:00:00+11:00",
                   "2026-10-04T04:00:00+11:00"}));
  EXPECT_EQ(bounds("America/Caracas", Period::kHour, "2007-12-09T06:30:00", "2007-12-09T07:45:00"),
            (Texts{"2007-12-09T02:00:00-04:00",
                   "2007-12-09T02:30:00-04:30",
                   "2007-12-09T03:00:00-04:30",
                   "2007-12-09T04:00:00-04:30"}));
}

TEST(Calendar, HoursFollowEachOtherAndBeginFullOrWhereTheClockChanges) {
  struct Stretch {
    const char* name;
    const char* from;
    const char* to;
  };
  int compared = 0;
  int cut = 0;
  for (const auto& [name, from, to] : {Stretch{"Australia/Lord_Howe", "2025-01-01", "2027-01-01"},
                                       Stretch{"America/Caracas", "2007-12-01", "2008-01-01"},
                                       Stretch{"America/Caracas", "2016-04-15", "2016-05-15"},
                                       Stretch{"Asia/Pyongyang", "2015-08-01", "2015-09-01"},
                                       Stretch{"Asia/Pyongyang", "2018-05-01", "2018-06-01"},
                                       Stretch{"Asia/Colombo", "2006-04-01", "2006-05-01"},
                                       Stretch{"Pacific/Apia", "2011-12-15", "2012-01-15"},
                                       Stretch{"America/St_Johns", "2026-01-01", "2027-01-01"},
                                       Stretch{"Europe/Berlin", "2026-01-01", "2027-01-01"}}) {
    const TimeZone place = zone(name);
    const auto found = place.bounds(Period::kHour,
                                    utc((from + std::string("T00:00:00")).c_str()),
                                    utc((to + std::string("T00:00:00")).c_str()),
                                    50'000);
    ASSERT_TRUE(found) << name;
    for (std::size_t i = 1; i < found->size(); ++i) {
      const auto length = (*found)[i] - (*found)[i - 1];
      ASSERT_GT(length.count(), 0) << name << place.text_of((*found)[i]);
      ASSERT_LE(length, std::chrono::hours(1)) << name << place.text_of((*found)[i]);
      const std::string begin = place.text_of((*found)[i]);
      const bool changed =
          place.text_of((*found)[i] - std::chrono::microseconds(1)).substr(19) != begin.substr(19);
      ASSERT_TRUE(changed || begin.substr(14, 5) == "00:00") << name << begin;
      EXPECT_EQ(place.begin_of(Period::kHour, (*found)[i] - std::chrono::microseconds(1)),
                (*found)[i - 1]);
      cut += length < std::chrono::hours(1) ? 1 : 0;
      ++compared;
    }
  }
  EXPECT_EQ(cut, 9);
  std::printf("%d hours, %d of them cut by a change of the clock\n", compared, cut);
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

TEST(Calendar, AnHourIsNotCutWhereTheClockChangesInsideAQuarter) {
  const char* const st_johns = "America/St_Johns";
  EXPECT_EQ(bounds(st_johns, Period::kHour, "2006-10-29T02:31:00", "2006-10-29T04:00:00"),
            (Texts{"2006-10-29T00:00:00-02:30",  // with the hour from 23:01 that follows at 00:01
                   "2006-10-29T00:00:00-03:30",
                   "2006-10-29T01:00:00-03:30"}));
  EXPECT_EQ(bounds(st_johns, Period::kHour, "2010-03-14T03:31:00", "2010-03-14T05:00:00"),
            (Texts{"2010-03-14T00:00:00-03:30",  // one minute of it, then 01:01
                   "2010-03-14T02:00:00-02:30",
                   "2010-03-14T03:00:00-02:30"}));
}

/// The instants from 2000 to 2040 at which the clock of `place` is changed.
std::vector<Timestamp> changes_of(const TimeZone& place) {
  const auto offset_at = [&place](Timestamp at) { return place.text_of(at).substr(19); };
  std::vector<Timestamp> changes;
  const auto step = std::chrono::days(5);
  for (Timestamp at = utc("2000-01-01T00:00:00"); at < utc("2040-01-01T00:00:00"); at += step) {
    if (offset_at(at) == offset_at(at + step)) {
      continue;
    }
    Timestamp before = at;
    Timestamp after = at + step;
    while (after - before > std::chrono::microseconds(1)) {
      const Timestamp middle = before + (after - before) / 2;
      (offset_at(middle) == offset_at(at) ? before : after) = middle;
    }
    changes.push_back(after);
  }
  return changes;
}

TEST(Calendar, WhereverAClockChangesTheBoundsAreThoseOfRollups) {
  int changes = 0;
  int inside = 0;
  for (const char* name : {"America/St_Johns",
                           "America/Goose_Bay",
                           "America/Havana",
                           "America/Caracas",
                           "America/Scoresbysund",
                           "Antarctica/Casey",
                           "Antarctica/Troll",
                           "Africa/Cairo",
                           "Africa/Casablanca",
                           "Asia/Amman",
                           "Asia/Gaza",
                           "Asia/Hebron",
                           "Asia/Pyongyang",
                           "Asia/Tehran",
                           "Australia/Lord_Howe",
                           "Europe/Dublin",
                           "Pacific/Apia",
                           "Pacific/Chatham"}) {
    const TimeZone place = zone(name);
    for (const Timestamp change : changes_of(place)) {
      ++changes;
      inside += change.time_since_epoch() % kRollupLength != std::chrono::microseconds(0) ? 1 : 0;
      for (const Period period : {Period::kHour, Period::kDay, Period::kWeek, Period::kMonth}) {
        for (const int minutes : {-61, -30, -1, 0, 1, 29, 61}) {
          const Timestamp from = change + std::chrono::minutes(minutes);
          const auto found = place.bounds(period, from, from + std::chrono::hours(3), 100);
          ASSERT_TRUE(found) << name << place.text_of(from);
          ASSERT_LE(found->front(), from) << name << place.text_of(from);
          ASSERT_GE(found->back(), from + std::chrono::hours(3)) << name << place.text_of(from);
          EXPECT_TRUE(std::ranges::is_sorted(*found, std::less_equal<>())) << place.text_of(from);
          for (const Timestamp at : *found) {
            EXPECT_EQ(at.time_since_epoch() % kRollupLength, std::chrono::microseconds(0))
                << name << ' ' << to_text(period) << ' ' << place.text_of(at);
          }
        }
      }
    }
  }
  EXPECT_GT(inside, 20);
  std::printf("%d changes of clocks, %d of them inside a quarter of an hour\n", changes, inside);
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
