// SPDX-License-Identifier: MIT
#include "base/percent_encoding.h"

#include <gtest/gtest.h>

namespace ginnel {
namespace {

TEST(PercentEncoding, EncodesWhatIsNamed) {
  std::string out = "a=";
  append_percent_encoded(out, "b c\xfc/", [](char c) { return c == ' ' || c == '\xfc'; });
  EXPECT_EQ(out, "a=b%20c%FC/");
}

TEST(PercentEncoding, DecodesPairsAndRefusesHalves) {
  EXPECT_EQ(percent_decoded("a%41%2fz"), "aA/z");
  EXPECT_EQ(percent_decoded("%00")->size(), 1u);
  EXPECT_EQ(percent_decoded("plain"), "plain");
  for (const char* text : {"%", "%4", "%zz", "a%4"}) {
    EXPECT_EQ(percent_decoded(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace ginnel
