// SPDX-License-Identifier: MIT
#include "qr/color.h"

#include <gtest/gtest.h>

#include "qr/sample_fixture.h"

namespace ginnel::qr {
namespace {

TEST(Color, IsThreeOrSixHexDigits) {
  EXPECT_EQ(parse_color("9c3a1d"), kBrick);
  EXPECT_EQ(parse_color("#9C3A1D"), kBrick);
  EXPECT_EQ(parse_color("f0a"), (Color{0xff, 0x00, 0xaa}));
  for (const char* text : {"", "#", "red", "ff", "ffff", "9c3a1g", "9c3a1d ", "##fff", "-1-1-1"}) {
    EXPECT_FALSE(parse_color(text)) << text;
  }
}

TEST(Color, HasToStandApart) {
  EXPECT_TRUE(stand_apart({}, {255, 255, 255}));
  EXPECT_TRUE(stand_apart({255, 255, 255}, {}));
  EXPECT_TRUE(stand_apart(kBrick, {0xff, 0xf8, 0xe0}));
  EXPECT_FALSE(stand_apart(kBrick, kBrick));
  EXPECT_FALSE(stand_apart({255, 255, 0}, {255, 255, 255})) << "yellow on white";
  EXPECT_TRUE(stand_apart({}, {102, 102, 102}));
  EXPECT_FALSE(stand_apart({}, {101, 101, 101}));
}

}  // namespace
}  // namespace ginnel::qr
