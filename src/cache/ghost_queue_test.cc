// SPDX-License-Identifier: MIT
#include "cache/ghost_queue.h"

#include <cstdint>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace ginnel::cache {
namespace {

std::vector<std::uint64_t> hashes(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::uint64_t> all(count);
  for (std::uint64_t& hash : all) {
    hash = random();
  }
  return all;
}

std::size_t remembered(GhostQueue& ghosts, const std::vector<std::uint64_t>& codes) {
  std::size_t count = 0;
  for (const std::uint64_t hash : codes) {
    count += ghosts.take(hash) ? 1 : 0;
  }
  return count;
}

TEST(GhostQueue, GivesACodeOnce) {
  GhostQueue ghosts(1'000);
  ghosts.push(0x1234'5678'9abc'def0);

  EXPECT_TRUE(ghosts.take(0x1234'5678'9abc'def0));
  EXPECT_FALSE(ghosts.take(0x1234'5678'9abc'def0));
}

TEST(GhostQueue, KeepsACodeWhoseFingerprintIsNought) {
  GhostQueue ghosts(16);
  EXPECT_FALSE(ghosts.take(0x1234'0000'0000'0000));
  ghosts.push(0x1234'0000'0000'0000);

  EXPECT_TRUE(ghosts.take(0x1234'0000'0000'0000));
}

TEST(GhostQueue, KeepsTheYoungCodesAndForgetsTheOld) {
  GhostQueue ghosts(16'000);
  const auto old = hashes(16'000, 1);
  const auto young = hashes(8'000, 2);
  for (const std::uint64_t hash : old) {
    ghosts.push(hash);
  }
  for (const std::uint64_t hash : hashes(24'000, 3)) {
    ghosts.push(hash);
  }
  for (const std::uint64_t hash : young) {
    ghosts.push(hash);
  }

  EXPECT_GT(remembered(ghosts, young), 7'800u);
  EXPECT_LT(remembered(ghosts, old), 200u);
}

TEST(GhostQueue, SeldomTakesOneCodeForAnother) {
  GhostQueue ghosts(16'000);
  for (const std::uint64_t hash : hashes(32'000, 1)) {
    ghosts.push(hash);
  }

  EXPECT_LT(remembered(ghosts, hashes(100'000, 2)), 100u);  // 24 expected
}

TEST(GhostQueue, RemembersNothingOnceCleared) {
  GhostQueue ghosts(16);
  ghosts.push(7);
  ghosts.clear();

  EXPECT_FALSE(ghosts.take(7));
}

TEST(GhostQueue, MayHaveNoRoomAtAll) {
  GhostQueue ghosts(0);
  ghosts.push(7);

  EXPECT_FALSE(ghosts.take(7));
  EXPECT_EQ(ghosts.bytes(), 0u);
}

}  // namespace
}  // namespace ginnel::cache
