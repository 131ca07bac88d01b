// SPDX-License-Identifier: MIT
#include "qr/qr_code.h"

#include <gtest/gtest.h>

#include "qr/sample_fixture.h"

namespace ginnel::qr {
namespace {

TEST(QrCode, IsTheSmallestThatHoldsTheText) {
  // ISO/IEC 18004 table 7: 17 bytes at level L fit into version 1, 18 do not; at H it is 7.
  EXPECT_EQ(QrCode::of(std::string(17, 'a'), Level::kL)->width(), 21);
  EXPECT_EQ(QrCode::of(std::string(18, 'a'), Level::kL)->width(), 25);
  EXPECT_EQ(QrCode::of(std::string(7, 'a'), Level::kH)->width(), 21);
  EXPECT_EQ(QrCode::of(std::string(8, 'a'), Level::kH)->width(), 25);
}

TEST(QrCode, HasItsThreeFinders) {
  const auto code = QrCode::of(kAddress, Level::kM);
  const int last = code->width() - 1;
  for (int i = 0; i < 7; ++i) {
    EXPECT_TRUE(code->dark(i, 0) && code->dark(last - i, 0) && code->dark(i, last)) << i;
  }
  EXPECT_FALSE(code->dark(7, 0));
  EXPECT_FALSE(code->dark(last - 7, 0));
  EXPECT_FALSE(code->dark(7, last));
}

TEST(QrCode, RefusesWhatNoneHolds) {
  EXPECT_EQ(QrCode::of(std::string(2953, 'a'), Level::kL)->width(), 177);
  EXPECT_EQ(QrCode::of(std::string(2954, 'a'), Level::kL).error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(QrCode::of("", Level::kL).error().kind, ErrorKind::kInvalid);
}

TEST(QrCode, LevelsHaveLetters) {
  EXPECT_EQ(parse_level("L"), Level::kL);
  EXPECT_EQ(parse_level("m"), Level::kM);
  EXPECT_EQ(parse_level("Q"), Level::kQ);
  EXPECT_EQ(parse_level("h"), Level::kH);
  for (const char* text : {"", "X", "LL", "0"}) {
    EXPECT_FALSE(parse_level(text)) << text;
  }
}

}  // namespace
}  // namespace ginnel::qr
