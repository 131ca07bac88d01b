// SPDX-License-Identifier: MIT
#include "storage/click_sums.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace ginnel::storage {
namespace {

using domain::ClickCount;
using domain::Dimension;

SummedClick click_from(TextId referrer, std::uint64_t visitor = 0) {
  SummedClick click;
  click.human = visitor != 0;
  click.visitor = visitor;
  click.values[static_cast<std::size_t>(Dimension::kReferrer)] = referrer;
  return click;
}

ClickSums sums_of(const std::vector<SummedClick>& clicks) {
  ClickSums sums;
  for (const SummedClick& click : clicks) {
    sums.add(click);
  }
  return sums;
}

/// Clicks of everybody, whose numbers of texts and visitors are large and small.
std::vector<SummedClick> random_clicks(std::mt19937& chance, std::size_t count) {
  std::vector<SummedClick> clicks(count);
  for (SummedClick& click : clicks) {
    click.human = chance() % 4 > 0;
    click.visitor = chance() % 3 == 0 ? 0 : chance() * 0x9e3779b97f4a7c15u;
    for (TextId& value : click.values) {
      value = static_cast<TextId>(chance() >> chance() % 32);
    }
    click.values[0] = 0;
  }
  return clicks;
}

TEST(ClickSums, CountsClicksPeopleAndValues) {
  const ClickSums sums = sums_of({click_from(7, 1), click_from(3), click_from(7)});

  EXPECT_EQ(sums.total(), (ClickCount{3, 1}));
  EXPECT_EQ(sums.people().estimate(), 1U);
  EXPECT_EQ(sums.values(Dimension::kReferrer), (ClickSums::Values{{3, {1, 0}}, {7, {2, 1}}}));
  EXPECT_EQ(sums.values(Dimension::kCountry), (ClickSums::Values{{kUnknownText, {3, 1}}}));
  EXPECT_TRUE(sums.values(Dimension::kAll).empty());
}

TEST(ClickSums, AreTheSameInAnyOrderAndFromAnyParts) {
  std::mt19937 chance(1);
  std::size_t bytes = 0;
  for (int round = 0; round < 100; ++round) {
    auto clicks = random_clicks(chance, chance() % 200);
    const ClickSums sums = sums_of(clicks);
    std::shuffle(clicks.begin(), clicks.end(), chance);
    const auto middle = clicks.begin() + static_cast<std::ptrdiff_t>(clicks.size() / 2);
    ClickSums parts = sums_of({clicks.begin(), middle});
    parts.add(sums_of({middle, clicks.end()}));

    EXPECT_EQ(parts, sums);
    EXPECT_EQ(parts.encoded(), sums.encoded());
    EXPECT_EQ(ClickSums::decode(sums.encoded()), sums);
    bytes += sums.encoded().size();
  }
  EXPECT_GT(bytes, 100'000U);
}

TEST(ClickSums, NeedFewBytesForOneClick) {
  EXPECT_LE(sums_of({click_from(1'000, 5)}).encoded().size(), 35U);
}

TEST(ClickSums, TellOtherBytesFromTheirOwn) {
  std::mt19937 chance(2);
  const std::string bytes = sums_of(random_clicks(chance, 20)).encoded();
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_FALSE(ClickSums::decode(bytes.substr(0, length))) << length;
  }
  EXPECT_FALSE(ClickSums::decode(bytes + '\0'));
  for (std::size_t i = 0; i < 10'000; ++i) {
    std::string other = bytes;
    other[chance() % other.size()] = static_cast<char>(chance());
    if (const auto decoded = ClickSums::decode(other)) {
      EXPECT_EQ(decoded->encoded(), other);
    }
  }
}

TEST(DailyValues, AdmitsThoseThatComeFirst) {
  DailyValues values;
  for (TextId value = 10; value < 10 + domain::kMaxDailyValues; ++value) {
    SummedClick click = click_from(value);
    values.admit(click);
    EXPECT_EQ(click.values[1], value);
  }
  SummedClick late = click_from(5);
  SummedClick known = click_from(10);
  values.admit(late);
  values.admit(known);
  EXPECT_EQ(late.values[1], kOtherText);
  EXPECT_EQ(known.values[1], 10U);
}

TEST(DailyValues, AreThoseOfTheDaysSums) {
  ClickSums sums;
  for (TextId value = 10; value < 9 + domain::kMaxDailyValues; ++value) {
    sums.add(click_from(value));
  }
  sums.add(click_from(kOtherText));
  DailyValues values;
  values.add(sums);
  values.add(sums);
  SummedClick last = click_from(5);
  SummedClick late = click_from(6);
  values.admit(last);
  values.admit(late);
  EXPECT_EQ(last.values[1], 5U);
  EXPECT_EQ(late.values[1], kOtherText);
}

}  // namespace
}  // namespace ginnel::storage
