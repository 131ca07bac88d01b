// SPDX-License-Identifier: MIT
#include "domain/timestamp.h"

#include <gtest/gtest.h>

namespace ginnel::domain {
namespace {

using std::chrono::microseconds;

Timestamp at_micros(std::int64_t since_1970) {
  return Timestamp(microseconds(since_1970));
}

TEST(TimestampText, LeavesOutMicrosecondsThatAreZero) {
  EXPECT_EQ(to_text(at_micros(1'752'410'457'000'000)), "2025-07-13T12:40:57");
}

TEST(TimestampText, WritesSixDigitsOfMicrosecondsOtherwise) {
  EXPECT_EQ(to_text(at_micros(1'795'479'681'681'306)), "2026-11-24T00:21:21.681306");
  EXPECT_EQ(to_text(at_micros(1)), "1970-01-01T00:00:00.000001");
  EXPECT_EQ(to_text(at_micros(100'000)), "1970-01-01T00:00:00.100000");
}

TEST(TimestampText, WritesInstantsBefore1970) {
  EXPECT_EQ(to_text(at_micros(-1)), "1969-12-31T23:59:59.999999");
  EXPECT_EQ(to_text(at_micros(-62'135'596'800'000'000)), "0001-01-01T00:00:00");
}

TEST(TimestampText, NeverLeavesTheYearsThatHaveFourDigits) {
  EXPECT_EQ(to_text(Timestamp::min()), "0001-01-01T00:00:00");
  EXPECT_EQ(to_text(Timestamp::max()), "9999-12-31T23:59:59.999999");
}

TEST(ParseTimestamp, ReadsBothSeparators) {
  EXPECT_EQ(parse_timestamp("2025-07-13 12:40:57"), at_micros(1'752'410'457'000'000));
  EXPECT_EQ(parse_timestamp("2025-07-13T12:40:57"), at_micros(1'752'410'457'000'000));
}

TEST(ParseTimestamp, ReadsOneToSixDigitsOfAFraction) {
  EXPECT_EQ(parse_timestamp("1970-01-01T00:00:00.5"), at_micros(500'000));
  EXPECT_EQ(parse_timestamp("1970-01-01T00:00:00.05"), at_micros(50'000));
  EXPECT_EQ(parse_timestamp("1970-01-01T00:00:00.681306"), at_micros(681'306));
}

TEST(ParseTimestamp, KnowsLeapYears) {
  EXPECT_TRUE(parse_timestamp("2024-02-29 00:00:00"));
  EXPECT_TRUE(parse_timestamp("2000-02-29 00:00:00"));
  EXPECT_FALSE(parse_timestamp("2023-02-29 00:00:00"));
  EXPECT_FALSE(parse_timestamp("1900-02-29 00:00:00"));
}

TEST(ParseTimestamp, ReadsTheFirstAndTheLastInstant) {
  EXPECT_EQ(parse_timestamp("0001-01-01T00:00:00"), at_micros(-62'135'596'800'000'000));
  EXPECT_EQ(parse_timestamp("9999-12-31T23:59:59.999999"), at_micros(253'402'300'799'999'999));
}

class BadTimestamp : public testing::TestWithParam<const char*> {};

TEST_P(BadTimestamp, IsNothing) {
  EXPECT_FALSE(parse_timestamp(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(ParseTimestamp,
                         BadTimestamp,
                         testing::Values("",
                                         "2025-07-13",
                                         "2025-07-13T12:40",
                                         "2025-07-13t12:40:57",
                                         "2025-07-13T12:40:57Z",
                                         "2025-07-13T12:40:57+00:00",
                                         "2025-07-13T12:40:57.",
                                         "2025-07-13T12:40:57.1234567",
                                         "2025-07-13T12:40:57.12a",
                                         "2025-07-13T12:40:57,5",
                                         "2025-07-13T12:40:60",
                                         "2025-07-13T12:60:00",
                                         "2025-07-13T24:00:00",
                                         "2025-07-00T00:00:00",
                                         "2025-07-32T00:00:00",
                                         "2025-04-31T00:00:00",
                                         "2025-00-13T00:00:00",
                                         "2025-13-13T00:00:00",
                                         "0000-01-01T00:00:00",
                                         "-001-01-01T00:00:00",
                                         "2025/07/13 12:40:57",
                                         "2025-07-13T12-40-57",
                                         " 2025-07-13 12:40:57",
                                         "2025-07-13 12:40:57 ",
                                         "2o25-07-13 12:40:57",
                                         "2025-7-13 12:40:57.1"));

TEST(ParseTimestamp, ReadsBackWhatWasWrittenOnEveryDayOfFourCenturies) {
  Timestamp at = *parse_timestamp("1800-01-01T23:59:58.000007");
  const Timestamp end = *parse_timestamp("2200-01-01T00:00:00");
  for (; at < end; at += std::chrono::days(1)) {
    ASSERT_EQ(parse_timestamp(to_text(at)), at) << to_text(at);
  }
}

TEST(Now, IsInThePresentCentury) {
  EXPECT_GT(now(), *parse_timestamp("2025-01-01T00:00:00"));
  EXPECT_LT(now(), *parse_timestamp("2125-01-01T00:00:00"));
}

}  // namespace
}  // namespace ginnel::domain
