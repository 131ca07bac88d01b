// SPDX-License-Identifier: MIT
#include "domain/code_generator.h"

#include <map>
#include <set>

#include <gtest/gtest.h>

#include "domain/reserved_codes.h"

namespace ginnel::domain {
namespace {

TEST(CodeLength, StaysAtSixUntilOnePercentIsTaken) {
  constexpr std::uint64_t kOnePercentOfSix = 568'002'355;  // 62^6 / 100
  EXPECT_EQ(code_length_for(0), 6u);
  EXPECT_EQ(code_length_for(kOnePercentOfSix), 6u);
  EXPECT_EQ(code_length_for(kOnePercentOfSix + 1), 7u);
}

TEST(CodeLength, GrowsWithEveryPowerOf62) {
  EXPECT_EQ(code_length_for(35'216'146'062), 7u);  // 62^7 / 100
  EXPECT_EQ(code_length_for(35'216'146'063), 8u);
  EXPECT_EQ(code_length_for(9'007'199'254'740'991), 11u) << "as many links as there are ids";
  EXPECT_EQ(code_length_for(UINT64_MAX), 11u);
}

TEST(RandomCode, HasTheLengthThatWasAsked) {
  for (const std::size_t length : {1u, 6u, 7u, 16u, 17u, 32u}) {
    EXPECT_EQ(random_code(length).text().size(), length);
  }
}

/// How often each character comes in `codes` codes of 20.
std::map<char, int> characters_of(int codes) {
  std::map<char, int> seen;
  for (int i = 0; i < codes; ++i) {
    const ShortCode code = random_code(20);
    for (const char character : code.text()) {
      ++seen[character];
    }
  }
  return seen;
}

TEST(RandomCode, UsesEveryCharacterOfBase62AboutEquallyOften) {
  const auto seen = characters_of(3'100);
  EXPECT_EQ(seen.size(), 62u);
  for (const auto& [character, count] : seen) {
    // Expected 1,000 times with a deviation of 31; bytes taken modulo 62 without rejection would
    // give the first eight 1,211 times each.
    EXPECT_NEAR(count, 1'000, 190) << character;
  }
}

TEST(RandomCode, DoesNotRepeatInTenThousand) {
  std::set<std::string> codes;
  for (int i = 0; i < 10'000; ++i) {
    codes.insert(random_code(10).text());
  }
  EXPECT_EQ(codes.size(), 10'000u);
}

TEST(RandomCode, IsNeverAReservedWord) {
  // Two characters give 3,844 codes; 100,000 draws would meet `me`, `qr`, `v1`... again and again.
  for (int i = 0; i < 100'000; ++i) {
    const ShortCode code = random_code(2);
    ASSERT_FALSE(is_reserved(code.text())) << code.text();
  }
}

TEST(MayBeRandom, KnowsTheAlphabetAndTheLengths) {
  for (int attempt = 0; attempt < 100; ++attempt) {
    EXPECT_TRUE(may_be_random(random_code(6).text(), LinkId{1}));
  }
  for (const char* code : {"", "abcde", "abcdefg", "abc-de", "abc_de", "SpringSale", "-bcdef"}) {
    EXPECT_FALSE(may_be_random(code, LinkId{1})) << code;
    EXPECT_FALSE(may_be_random(code, LinkId{568'002'356})) << code;
  }
  EXPECT_TRUE(may_be_random("abcdef", LinkId{568'002'357}));
  EXPECT_TRUE(may_be_random("abcdefg", LinkId{568'002'357}));
  EXPECT_FALSE(may_be_random("abcdefgh", LinkId{568'002'357}));
  EXPECT_TRUE(may_be_random("abcdefghijk", LinkId{kMaxId}));
  EXPECT_FALSE(may_be_random("abcdefghijkl", LinkId{kMaxId}));
}

}  // namespace
}  // namespace ginnel::domain
