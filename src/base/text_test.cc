// SPDX-License-Identifier: MIT
#include "base/text.h"

#include <cstdint>

#include <gtest/gtest.h>

#include "base/utf8.h"

namespace ginnel {
namespace {

TEST(Trimmed, TakesAsciiWhiteSpaceFromBothEndsOnly) {
  EXPECT_EQ(trimmed(" \t\n\v\f\ra b\r\n "), "a b");
  EXPECT_EQ(trimmed("a"), "a");
  EXPECT_EQ(trimmed("\xc2\xa0x"), "\xc2\xa0x") << "a no-break space is text";
}

TEST(Trimmed, LeavesNothingOfABlank) {
  EXPECT_EQ(trimmed(" \n "), "");
  EXPECT_EQ(trimmed(""), "");
}

TEST(AsciiLower, ChangesAsciiLettersAlone) {
  EXPECT_EQ(ascii_lower("AZ@[`az09"), "az@[`az09");
  EXPECT_EQ(ascii_lower("\xc3\x89t\xc3\x89"), "\xc3\x89t\xc3\x89") << "no locale, no Unicode";
}

TEST(TakeUntil, TakesThePieceAndTheMarkBehindIt) {
  std::string_view text = "a=b=c";
  EXPECT_EQ(take_until(text, '='), "a");
  EXPECT_EQ(text, "b=c");
  EXPECT_EQ(take_until(text, '&'), "b=c") << "all of it when there is no mark";
  EXPECT_EQ(text, "");
  EXPECT_EQ(take_until(text, '&'), "");
}

TEST(LettersAndDigits, AreThoseOfAscii) {
  EXPECT_TRUE(is_letter('a') && is_letter('Z') && is_digit('0') && is_digit('9'));
  EXPECT_FALSE(is_letter('@') || is_letter('[') || is_letter('`') || is_letter('{'));
  EXPECT_FALSE(is_digit('/') || is_digit(':') || is_letter_or_digit('\xe9'));
  EXPECT_TRUE(has_only_digits("007"));
  EXPECT_FALSE(has_only_digits("") || has_only_digits("7a") || has_only_digits("-7"));
}

TEST(ParseNumber, TakesDigitsAloneThatTheNumberCanHold) {
  EXPECT_EQ(parse_number<std::uint8_t>("255"), 255);
  EXPECT_EQ(parse_number<std::uint8_t>("fF", 16), 255);
  for (const char* text : {"", "256", "-1", "+1", " 1", "1 ", "0x1", "1.0"}) {
    EXPECT_FALSE(parse_number<std::uint8_t>(text)) << text;
  }
}

TEST(TakeCodePoint, TakesOneByteOfWhatIsNoUtf8) {
  std::string_view text = "\xe2\x82x\xc3\xa9";
  EXPECT_FALSE(take_code_point(text));
  EXPECT_FALSE(take_code_point(text));
  EXPECT_EQ(take_code_point(text), U'x');
  EXPECT_EQ(take_code_point(text), U'\u00e9');
  EXPECT_EQ(text, "");
}

TEST(Utf8Length, CountsCodePoints) {
  EXPECT_EQ(utf8_length(""), 0u);
  EXPECT_EQ(utf8_length("abc"), 3u);
  EXPECT_EQ(utf8_length("caf\xc3\xa9 \xf0\x9f\x98\x80"), 6u);
}

TEST(Utf8Length, IsNothingForTextThatIsNotUtf8) {
  EXPECT_FALSE(utf8_length("a\xff"));
  EXPECT_FALSE(utf8_length("\xc0\x80")) << "an overlong NUL";
  EXPECT_FALSE(utf8_length("\xed\xa0\x80")) << "a surrogate";
  EXPECT_FALSE(utf8_length("\xf4\x90\x80\x80")) << "above U+10FFFF";
  EXPECT_FALSE(utf8_length("\xe2\x82")) << "cut short";
}

TEST(ControlCharacters, AreBelowSpaceOrDelete) {
  EXPECT_TRUE(has_control_characters(std::string_view("a\0b", 3)));
  EXPECT_TRUE(has_control_characters("a\x1f"));
  EXPECT_TRUE(has_control_characters("\x7f"));
  EXPECT_FALSE(has_control_characters(" ~caf\xc3\xa9"));
  EXPECT_FALSE(has_control_characters(""));
}

}  // namespace
}  // namespace ginnel
