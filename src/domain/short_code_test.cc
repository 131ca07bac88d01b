// SPDX-License-Identifier: MIT
#include "domain/short_code.h"

#include <gtest/gtest.h>

namespace ginnel::domain {
namespace {

TEST(ShortCode, KeepsWhatWasSent) {
  const auto code = ShortCode::parse("aZ9-_");
  ASSERT_TRUE(code);
  EXPECT_EQ(code->text(), "aZ9-_");
}

TEST(ShortCode, HasOneTo32Characters) {
  EXPECT_TRUE(ShortCode::is_valid("a"));
  EXPECT_TRUE(ShortCode::is_valid(std::string(32, 'a')));
  EXPECT_FALSE(ShortCode::is_valid(""));
  EXPECT_FALSE(ShortCode::is_valid(std::string(33, 'a')));
}

TEST(ShortCode, HasOnlyLettersDigitsHyphensAndUnderscores) {
  for (int byte = 0; byte < 256; ++byte) {
    const char character = static_cast<char>(byte);
    const bool expected =
        (character >= '0' && character <= '9') || (character >= 'a' && character <= 'z') ||
        (character >= 'A' && character <= 'Z') || character == '-' || character == '_';
    EXPECT_EQ(ShortCode::is_valid(std::string(1, character)), expected) << byte;
  }
}

TEST(ShortCode, NamesTheRuleThatIsBroken) {
  const auto empty = ShortCode::parse("");
  ASSERT_FALSE(empty);
  EXPECT_EQ(empty.error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(empty.error().message, "Short code must not be empty");

  const auto long_one = ShortCode::parse(std::string(33, 'a'));
  ASSERT_FALSE(long_one);
  EXPECT_EQ(long_one.error().message, "Short code must not exceed 32 characters");

  const auto dotted = ShortCode::parse("a.b");
  ASSERT_FALSE(dotted);
  EXPECT_EQ(dotted.error().message,
            "Short code may only contain letters, digits, hyphens and underscores");
}

TEST(ShortCode, IsComparedExactly) {
  EXPECT_NE(ShortCode::parse("abc").value(), ShortCode::parse("ABC").value());
  EXPECT_EQ(ShortCode::parse("abc").value(), ShortCode::parse("abc").value());
}

}  // namespace
}  // namespace ginnel::domain
