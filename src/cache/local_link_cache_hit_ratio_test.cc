// SPDX-License-Identifier: MIT
// Compares the cache's hit ratio with exact LFU, which is the best there is for independent
// requests of constant popularity, once it has counted long enough.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "cache/local_link_cache.h"

namespace ginnel::cache {
namespace {

constexpr std::size_t kKeys = 100'000;
constexpr std::size_t kRequests = 500'000;

/// Requests for keys by Zipf's law: the key at place r is asked for 1/r^s as often as the first.
std::vector<std::uint32_t> zipf(double exponent) {
  std::vector<double> up_to(kKeys);
  double sum = 0;
  for (std::size_t i = 0; i < kKeys; ++i) {
    sum += 1 / std::pow(static_cast<double>(i + 1), exponent);
    up_to[i] = sum;
  }
  std::mt19937_64 random(8'128);
  std::uniform_real_distribution<double> uniform(0, sum);
  std::vector<std::uint32_t> requests(kRequests);
  for (std::uint32_t& key : requests) {
    const auto place = std::upper_bound(up_to.begin(), up_to.end() - 1, uniform(random));
    key = static_cast<std::uint32_t>(place - up_to.begin());
  }
  return requests;
}

std::string code_of(std::uint32_t key) {
  return std::to_string(1'000'000 + key);
}

constexpr std::string_view kLocation = "https://example.org/news/2024/05/an-article-1";

/// How many entries fit into a cache of this size.
std::size_t entries_of(std::size_t max_bytes) {
  LocalLinkCache cache(LocalCacheOptions{max_bytes}, &std::chrono::steady_clock::now, SipKey{1, 2});
  for (std::uint32_t key = 0; key < kKeys; ++key) {
    cache.insert(code_of(key), {domain::LinkId{1}, domain::UserId{1}, true, kLocation});
  }
  return cache.figures().entries;
}

double our_hit_ratio(const std::vector<std::uint32_t>& requests, std::size_t max_bytes) {
  LocalLinkCache cache(LocalCacheOptions{max_bytes}, &std::chrono::steady_clock::now, SipKey{1, 2});
  for (const std::uint32_t key : requests) {
    const std::string code = code_of(key);
    if (cache.find(code).kind == HotAnswer::Kind::kUnknown) {
      cache.insert(code, {domain::LinkId{key}, domain::UserId{1}, true, kLocation});
    }
  }
  return static_cast<double>(cache.figures().hits) / kRequests;
}

/// LFU that counts every key for ever, with unlimited memory for the counts; among equals the one
/// that came first leaves first.
double lfu_hit_ratio(const std::vector<std::uint32_t>& requests, std::size_t entries) {
  constexpr std::uint64_t kOneMore = std::uint64_t{1} << 32;
  std::vector<std::uint64_t> ranks(kKeys);  // how often asked for, above when last
  std::set<std::uint64_t> kept;
  std::size_t hits = 0;
  std::uint32_t time = 0;
  for (const std::uint32_t key : requests) {
    std::uint64_t& rank = ranks[key];
    hits += kept.erase(rank);
    rank = (rank / kOneMore + 1) * kOneMore + ++time;
    kept.insert(rank);
    if (kept.size() > entries) {
      kept.erase(kept.begin());
    }
  }
  return static_cast<double>(hits) / kRequests;
}

/// Prints both ratios and gives how far ours is behind, in points of a hundred.
double points_behind_lfu(const std::vector<std::uint32_t>& requests, std::size_t max_bytes) {
  const std::size_t entries = entries_of(max_bytes);
  const double ours = 100 * our_hit_ratio(requests, max_bytes);
  const double lfu = 100 * lfu_hit_ratio(requests, entries);
  std::printf("room for %4.1f %% of the keys: S3-FIFO %.2f %%, exact LFU %.2f %%\n",
              100.0 * static_cast<double>(entries) / kKeys,
              ours,
              lfu);
  return lfu - ours;
}

class LocalLinkCacheHitRatio : public testing::TestWithParam<double> {};

TEST_P(LocalLinkCacheHitRatio, IsNearLfu) {
  constexpr std::size_t kOnePercent = 130'000;  // bytes for 1,000 of the keys
  constexpr std::size_t kTenPercent = 1'300'000;
  std::printf("Zipf %.1f\n", GetParam());
  const auto requests = zipf(GetParam());
  EXPECT_LT(points_behind_lfu(requests, kOnePercent), 3);
  EXPECT_LT(points_behind_lfu(requests, kTenPercent), 3);
}

INSTANTIATE_TEST_SUITE_P(Zipf, LocalLinkCacheHitRatio, testing::Values(0.9, 1.1));

}  // namespace
}  // namespace ginnel::cache
