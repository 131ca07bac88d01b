// SPDX-License-Identifier: MIT
#include "config/readers.h"

#include <gtest/gtest.h>

#include "config/settings.h"

namespace ginnel::config {
namespace {

constexpr Bounds kAny{0, ~std::uint64_t{0}};

TEST(SplitList, GivesTheTrimmedPartsBetweenCommas) {
  EXPECT_EQ(split_list(" a , b,c "), (std::vector<std::string_view>{"a", "b", "c"}));
  EXPECT_TRUE(split_list(" \t").empty());
}

TEST(SplitList, KeepsEmptyPartsSoThatTheyAreRefused) {
  EXPECT_EQ(split_list("a,,b,"), (std::vector<std::string_view>{"a", "", "b", ""}));
}

TEST(ParseWhole, TakesWhatLiesWithinTheBounds) {
  EXPECT_EQ(*parse_whole("1", {1, 256}), 1u);
  EXPECT_EQ(*parse_whole(" 256 ", {1, 256}), 256u);
  EXPECT_EQ(*parse_whole("18446744073709551615", kAny), ~std::uint64_t{0});
}

TEST(ParseWhole, RefusesEverythingElseWithTheRange) {
  for (const char* text :
       {"", "0", "257", "-1", "+1", "1.0", "1e2", "0x10", "1 2", "one", "18446744073709551616"}) {
    const auto number = parse_whole(text, {1, 256});
    ASSERT_FALSE(number) << text;
    EXPECT_EQ(number.error().message, "a whole number, 1 to 256");
  }
}

TEST(ParseBytes, KnowsTheUnits) {
  EXPECT_EQ(*parse_bytes("65536", kAny), 65'536u);
  EXPECT_EQ(*parse_bytes("64 KiB", kAny), 65'536u);
  EXPECT_EQ(*parse_bytes("64KiB", kAny), 65'536u);
  EXPECT_EQ(*parse_bytes("1 MiB", kAny), 1'048'576u);
  EXPECT_EQ(*parse_bytes("2 GiB", kAny), 2'147'483'648u);
}

TEST(ParseBytes, RefusesWhatIsNoSizeOrWouldOverflow) {
  for (const char* text :
       {"", "KiB", "1 KB", "1 kib", "1.5 MiB", "-1 KiB", "1 MiB MiB", "17179869184 GiB"}) {
    EXPECT_FALSE(parse_bytes(text, kAny)) << text;
  }
  EXPECT_FALSE(parse_bytes("2 MiB", {0, 1u << 20}));
}

TEST(ParseKey, TakesWhatAHeaderCanCarry) {
  for (const std::string& key :
       {std::string("0123456789abcdef"), std::string(256, '~'), std::string("!\"#$%&'()*+,-./:")}) {
    EXPECT_EQ(*parse_key(" " + key + "\n"), key);
  }
  EXPECT_EQ(*parse_key("none"), "");
}

TEST(ParseKey, RefusesWhatIsShortOrCannotBeSent) {
  for (const std::string& text : {std::string(),
                                  std::string("0123456789abcde"),
                                  std::string(257, 'a'),
                                  std::string("0123456789 abcdef"),
                                  std::string("0123456789\tabcdef"),
                                  std::string("0123456789abcd\u00e9f"),
                                  std::string("0123456789abcdef\0", 17)}) {
    EXPECT_FALSE(parse_key(text)) << text;
  }
}

TEST(BytesToText, UsesTheLargestUnitThatDivides) {
  EXPECT_EQ(bytes_to_text(0), "0");
  EXPECT_EQ(bytes_to_text(1'000), "1000");
  EXPECT_EQ(bytes_to_text(1'536), "1536");
  EXPECT_EQ(bytes_to_text(2'048), "2 KiB");
  EXPECT_EQ(bytes_to_text(64u << 20), "64 MiB");
  EXPECT_EQ(*parse_bytes(bytes_to_text(std::uint64_t{3} << 30), kAny), std::uint64_t{3} << 30);
}

/// The texts that are read as something else than `expected`.
std::vector<std::string> read_otherwise(bool expected, const std::vector<std::string>& texts) {
  std::vector<std::string> wrong;
  for (const std::string& text : texts) {
    const Result<bool> read = parse_switch(text);
    if (!read || *read != expected) {
      wrong.push_back(text);
    }
  }
  return wrong;
}

TEST(ParseSwitch, TakesTheCustomaryWordsInAnyCase) {
  EXPECT_TRUE(read_otherwise(true, {"true", "TRUE", "yes", "On", "1"}).empty());
  EXPECT_TRUE(read_otherwise(false, {"false", "no", "OFF", " 0 "}).empty());
}

TEST(ParseSwitch, RefusesEverythingElse) {
  EXPECT_FALSE(parse_switch("maybe").has_value());
  EXPECT_FALSE(parse_switch("").has_value());
}

ValueKind few_or_many() {
  return one_of(
      Choices<std::uint64_t>{{"few", 1}, {"many", 9}},
      [](Settings & s) -> auto& { return s.cache_bytes; });
}

TEST(OneOf, SetsTheValueOfTheWord) {
  Settings settings;
  EXPECT_EQ(*few_or_many().read(" many ", settings), "many");
  EXPECT_EQ(settings.cache_bytes, 9u);
}

TEST(OneOf, NamesEveryWordWhenItIsAnother) {
  Settings settings;
  settings.cache_bytes = 9;
  EXPECT_EQ(few_or_many().range, "few, many");
  EXPECT_EQ(few_or_many().read("Few", settings).error().message, "one of few, many");
  EXPECT_EQ(settings.cache_bytes, 9u) << "a fault changes nothing";
}

}  // namespace
}  // namespace ginnel::config
