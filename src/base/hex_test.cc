// SPDX-License-Identifier: MIT
#include "base/hex.h"

#include <array>

#include <gtest/gtest.h>

namespace ginnel {
namespace {

TEST(Hex, IsReadAsItIsWritten) {
  std::array<std::uint8_t, 256> all{};
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i] = static_cast<std::uint8_t>(i);
  }
  std::array<std::uint8_t, 256> read{};

  EXPECT_TRUE(from_hex(to_hex(all), read));

  EXPECT_EQ(read, all);
  EXPECT_EQ(to_hex(std::array<std::uint8_t, 3>{0x00, 0x9f, 0xff}), "009fff");
}

TEST(Hex, IsNothingElse) {
  std::array<std::uint8_t, 2> bytes{};
  for (const char* text : {"", "12", "123", "12345", "12 4", "12G4", "12AB", "0x12", "-123"}) {
    EXPECT_FALSE(from_hex(text, bytes)) << text;
  }
}

}  // namespace
}  // namespace ginnel
