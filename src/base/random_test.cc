// SPDX-License-Identifier: MIT
#include "base/random.h"

#include <array>
#include <set>

#include <gtest/gtest.h>

namespace ginnel {
namespace {

TEST(Entropy, FillsEveryByte) {
  std::array<std::uint8_t, 512> bytes{};
  fill_with_entropy(bytes);
  // 512 random bytes hold about 221 different values; fewer than 100 has a chance below 1e-50.
  EXPECT_GT(std::set<std::uint8_t>(bytes.begin(), bytes.end()).size(), 100u);
}

TEST(FastRandom, TwoGeneratorsDiffer) {
  FastRandom one;
  FastRandom other;
  EXPECT_NE(one.next(), other.next());
}

TEST(FastRandom, DoesNotRepeatInAHundredThousand) {
  FastRandom random;
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 100'000; ++i) {
    seen.insert(random.next());
  }
  EXPECT_EQ(seen.size(), 100'000u);
}

}  // namespace
}  // namespace ginnel
