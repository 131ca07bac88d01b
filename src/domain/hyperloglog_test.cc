// SPDX-License-Identifier: MIT
#include "domain/hyperloglog.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace ginnel::domain {
namespace {

/// Evenly distributed, different for different numbers: the finisher of SplitMix64 (Steele, Lea and
/// Flood, 2014).
std::uint64_t hash_of(std::uint64_t number) {
  number += 0x9e3779b97f4a7c15;
  number = (number ^ number >> 30u) * 0xbf58476d1ce4e5b9;
  number = (number ^ number >> 27u) * 0x94d049bb133111eb;
  return number ^ number >> 31u;
}

/// A sketch of the numbers from `begin` up to, but not including, `end`.
HyperLogLog sketch_of(std::uint64_t begin, std::uint64_t end) {
  HyperLogLog sketch;
  for (std::uint64_t number = begin; number < end; ++number) {
    sketch.add(hash_of(number));
  }
  return sketch;
}

/// The root of the mean square of the relative errors of `rounds` sketches of `distinct` hashes.
double error_of(std::uint64_t distinct, std::uint64_t rounds) {
  double sum = 0;
  for (std::uint64_t round = 0; round < rounds; ++round) {
    const std::uint64_t begin = (round + 1) << 32u;
    const auto estimate = static_cast<double>(sketch_of(begin, begin + distinct).estimate());
    const double error = estimate / static_cast<double>(distinct) - 1;
    sum += error * error;
  }
  return std::sqrt(sum / static_cast<double>(rounds));
}

TEST(HyperLogLog, IsEmptyAtFirst) {
  EXPECT_EQ(HyperLogLog().estimate(), 0U);
  EXPECT_EQ(HyperLogLog().encoded(), std::string(1, '\1'));
}

TEST(HyperLogLog, EstimatesWithinItsStandardErrorFromOneToAMillion) {
  constexpr std::uint64_t kWork = 4'000'000;  // hashes for each number
  for (const std::uint64_t distinct :
       {1, 2, 10, 100, 1'000, 3'000, 8'000, 10'000, 12'000, 20'000, 50'000, 100'000, 1'000'000}) {
    const std::uint64_t rounds = std::clamp<std::uint64_t>(kWork / distinct, 4, 200);
    const double error = error_of(distinct, rounds);
    std::printf("%8llu distinct: %.2f %% (%llu sketches)\n",
                static_cast<unsigned long long>(distinct),
                error * 100,
                static_cast<unsigned long long>(rounds));
    // Below 1.63 %, and twice that for the few sketches of the large numbers.
    EXPECT_LT(error, rounds < 50 ? 0.0326 : 0.0195) << distinct;
  }
}

TEST(HyperLogLog, CountsFewHashesExactly) {
  EXPECT_EQ(sketch_of(0, 1).estimate(), 1U);
  EXPECT_EQ(sketch_of(0, 10).estimate(), 10U);
}

TEST(HyperLogLog, DoesNotCountAHashTwice) {
  auto sketch = sketch_of(0, 5'000);
  const auto before = sketch;

  sketch.merge(sketch_of(1'000, 4'000));

  EXPECT_EQ(sketch, before);
}

TEST(HyperLogLog, MergesIntoTheSketchOfTheUnion) {
  int compared = 0;
  for (const std::uint64_t one : {0, 1, 500, 1'000, 1'200, 5'000}) {
    for (const std::uint64_t other : {0, 1, 500, 1'000, 1'200, 5'000}) {
      auto merged = sketch_of(0, one);
      merged.merge(sketch_of(one / 2, one / 2 + other));

      EXPECT_EQ(merged, sketch_of(0, std::max(one, one / 2 + other))) << one << " and " << other;
      EXPECT_EQ(merged.encoded(), sketch_of(0, std::max(one, one / 2 + other)).encoded());
      ++compared;
    }
  }
  std::printf("%d unions compared\n", compared);
}

TEST(HyperLogLog, HasTheSameBytesWhateverTheOrder) {
  std::mt19937_64 random(7);
  for (const std::uint64_t distinct : {10, 1'100, 1'160, 1'170, 1'200, 3'000}) {
    std::vector<std::uint64_t> numbers(distinct);
    for (std::uint64_t number = 0; number < distinct; ++number) {
      numbers[number] = number;
    }
    std::shuffle(numbers.begin(), numbers.end(), random);
    HyperLogLog shuffled;
    for (const std::uint64_t number : numbers) {
      shuffled.add(hash_of(number));
    }

    EXPECT_EQ(shuffled.encoded(), sketch_of(0, distinct).encoded()) << distinct;
  }
}

TEST(HyperLogLog, IsDecodedToWhatItWas) {
  int decoded = 0;
  for (std::uint64_t distinct = 0; distinct < 3'000; distinct += 13) {
    const auto sketch = sketch_of(0, distinct);
    const std::string bytes = sketch.encoded();
    EXPECT_LE(bytes.size(), std::min(1 + 3 * distinct, HyperLogLog::kMaxEncodedBytes));
    EXPECT_EQ(HyperLogLog::decode(bytes), sketch) << distinct;
    ++decoded;
  }
  std::printf("%d sketches decoded\n", decoded);
}

TEST(HyperLogLog, RanksTheRarestHashes) {
  HyperLogLog sketch;
  sketch.add(0);
  sketch.add(~std::uint64_t{0});

  EXPECT_EQ(sketch.encoded(), std::string("\1\0\0\65\3\xff\xc1", 7));  // ranks 53 and 1
}

TEST(HyperLogLog, RefusesBytesThatItNeverGives) {
  const std::string dense = sketch_of(0, 3'000).encoded();
  ASSERT_EQ(dense.size(), HyperLogLog::kMaxEncodedBytes);
  std::string high_rank = dense;
  high_rank[1] = '\xff';
  std::string few(HyperLogLog::kMaxEncodedBytes, '\0');
  few[0] = 2;
  std::string too_many(1, '\1');
  for (std::uint32_t number = 0; number < 1'024; ++number) {
    const std::uint32_t entry = number * 64 + 1;
    too_many +=
        {static_cast<char>(entry >> 16u), static_cast<char>(entry >> 8u), static_cast<char>(entry)};
  }
  const std::vector<std::pair<const char*, std::string>> bad = {
      {"nothing", ""},
      {"an unknown form", std::string("\3")},
      {"half an entry", std::string("\1\0\0", 3)},
      {"a register of rank 0", std::string("\1\0\0\100", 4)},
      {"a rank above 53", std::string("\1\0\0\66", 4)},
      {"a register above 4,095", std::string("\1\4\0\1", 4)},
      {"registers out of order", std::string("\1\0\1\1\0\0\101", 7)},
      {"a register twice", std::string("\1\0\0\101\0\0\102", 7)},
      {"entries that take more room than ranks", too_many},
      {"ranks that are too short", dense.substr(0, dense.size() - 1)},
      {"ranks that are too long", dense + '\0'},
      {"a rank above 53 among all", high_rank},
      {"ranks that take more room than entries", few},
  };

  for (const auto& [what, bytes] : bad) {
    EXPECT_FALSE(HyperLogLog::decode(bytes)) << what;
  }
}

}  // namespace
}  // namespace ginnel::domain
