// SPDX-License-Identifier: MIT
#include "domain/visible_text.h"

#include <string>

#include <gtest/gtest.h>

namespace ginnel::domain {
namespace {

TEST(InvisibleEnds, AreWhiteSpaceAndWhatUnicodeIgnores) {
  for (const std::string sign :
       {" ",      "\t\r\n", "\u0085",     "\u00a0",     "\u00ad",     "\u034f",    "\u061c",
        "\u115f", "\u1160", "\u17b4",     "\u180b",     "\u180e",     "\u2000",    "\u200a",
        "\u200b", "\u200c", "\u200d",     "\u200f",     "\u2028",     "\u202e",    "\u202f",
        "\u2060", "\u2064", "\u2066",     "\u206f",     "\u3000",     "\u3164",    "\ufe00",
        "\ufeff", "\uffa0", "\U0001bca0", "\U0001d173", "\U000e0001", "\U000e0020"}) {
    EXPECT_EQ(without_invisible_ends(sign + "a" + sign + "b" + sign), "a" + sign + "b");
    EXPECT_EQ(without_invisible_ends(sign + sign), "");
  }
  EXPECT_EQ(without_invisible_ends(""), "");
}

TEST(InvisibleEnds, AreNotWhatBelongsToASign) {
  for (const char* text : {"\u2764\ufe0f",                                         // red heart
                           "1\ufe0f\u20e3",                                        // keycap
                           "\U0001f468\u200d\U0001f469\u200d\U0001f467",           // family
                           "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e007f",   // a flag
                           "\u845b\U000e0100",                                     // ideograph
                           "\u1820\u180b",                                         // Mongolian
                           "\u0d28\u0d4d\u200d",                                   // Malayalam
                           "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"}) {  // Persian
    EXPECT_EQ(without_invisible_ends(text), text);
    EXPECT_EQ(without_invisible_ends(std::string("\u200b") + text + "\u2060 "), text);
  }
  EXPECT_EQ(without_invisible_ends("\ufe0f\u2764"), "\u2764") << "belongs to nothing";
}

TEST(InvisibleEnds, AreNotBytesThatAreNoText) {
  EXPECT_EQ(without_invisible_ends(" a\xff "), "a\xff");
  EXPECT_EQ(without_invisible_ends("\x80\x8b"), "\x80\x8b");
  EXPECT_EQ(without_invisible_ends("\xe2\x80\x8b\xe2\x80"), "\xe2\x80");
}

TEST(VisibleSign, IsNoBlank) {
  for (const char* text : {"",
                           " ",
                           "\u200b\u3164",
                           "\u2800",
                           "\u2800 \u2800",
                           "\U0001d159",
                           "\u115f\uffa0",
                           "\ufe0f\u200d",
                           "\U00016fe4"}) {
    EXPECT_FALSE(has_visible_sign(text)) << text;
  }
  for (const char* text : {"a", "\u200ba", "\u0301", "\u2801", "\u4e00", "\U0001f600"}) {
    EXPECT_TRUE(has_visible_sign(text)) << text;
  }
}

TEST(DirectionSign, IsFoundWhereverItStands) {
  for (const char32_t sign : U"\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2069") {
    if (sign != U'\0') {
      std::string text = "a";
      text += static_cast<char>(0xe0 | (sign >> 12));
      text += static_cast<char>(0x80 | ((sign >> 6) & 0x3f));
      text += static_cast<char>(0x80 | (sign & 0x3f));
      if (sign == 0x61c) {
        text = "a\u061c";
      }
      EXPECT_EQ(find_direction_sign(text + "b"), sign);
    }
  }
  EXPECT_FALSE(find_direction_sign("a\u05d0\u200d\u200b"));
}

TEST(RightToLeft, IsALetterOfSuchAScript) {
  EXPECT_TRUE(has_right_to_left("abc \u05d0"));
  EXPECT_TRUE(has_right_to_left("\u0645"));
  EXPECT_FALSE(has_right_to_left("abc \u00e9 \u4e00 1"));
}

TEST(Folded, IsTheSameForCaseAndComposition) {
  const std::string_view kSame[][2] = {{"ADA", "ada"},
                                       {"\u00c9mile", "\u00e9MILE"},
                                       {"E\u0301mile", "\u00e9mile"},
                                       {"STRASSE", "stra\u00dfe"},
                                       {"\u03a3\u03a3", "\u03c3\u03c2"},
                                       {"\u212a", "k"},
                                       {"\u1e9e", "ss"},
                                       {"\u0410", "\u0430"},
                                       {"\u1100\u1161", "\uac00"},
                                       {"\u0391\u0345\u0301", "\u03b1\u0301\u0345"}};
  for (const auto& [one, other] : kSame) {
    EXPECT_EQ(folded(one), folded(other)) << one;
    EXPECT_EQ(folded(folded(one)), folded(one)) << one;
  }
  EXPECT_NE(folded("\uff41"), folded("a")) << "NFC: what is compatible alone differs";
  EXPECT_NE(folded("\u0131"), folded("i"));
}

}  // namespace
}  // namespace ginnel::domain
