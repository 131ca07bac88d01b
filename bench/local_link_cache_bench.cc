// SPDX-License-Identifier: MIT
// What a look into a core's memory costs, and what a link in it takes.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <benchmark/benchmark.h>

#include "cache/local_link_cache.h"

namespace {

using ginnel::cache::HotAnswer;
using ginnel::cache::LocalCacheOptions;
using ginnel::cache::LocalLinkCache;

constexpr std::string_view kLocation = "https://example.org/news/2024/05/an-article-1";
constexpr std::size_t kAsked = 1u << 20u;

/// Codes of seven characters, as the generator makes them.
std::string code_of(std::uint64_t number) {
  constexpr std::string_view kAlphabet =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  std::string code(7, '0');
  std::uint64_t mixed = number * 0x9e3779b97f4a7c15u;
  for (char& c : code) {
    c = kAlphabet[mixed % kAlphabet.size()];
    mixed /= kAlphabet.size();
  }
  return code;
}

/// A cache with so many links, and codes to ask for, each as likely as the other.
struct Filled {
  Filled(std::size_t links, std::uint64_t first_asked)
      : cache(LocalCacheOptions{links > 200'000 ? 256u << 20u : 32u << 20u}) {
    const std::uint64_t empty = cache.figures().bytes;
    for (std::size_t i = 0; i < links; ++i) {
      const auto number = static_cast<std::int64_t>(i);
      cache.insert(code_of(i),
                   {ginnel::domain::LinkId{number}, ginnel::domain::UserId{1}, true, kLocation});
    }
    bytes_per_link = static_cast<double>(cache.figures().bytes - empty) /
                     static_cast<double>(cache.figures().entries);
    std::mt19937_64 random(1);
    asked.reserve(kAsked);
    for (std::size_t i = 0; i < kAsked; ++i) {
      asked.push_back(code_of(first_asked + random() % links));
    }
  }

  LocalLinkCache cache;
  std::vector<std::string> asked;
  double bytes_per_link = 0;
};

void find_each(benchmark::State& state, Filled& filled) {
  std::size_t next = 0;
  for (auto _ : state) {
    const HotAnswer answer = filled.cache.find(filled.asked[next]);
    benchmark::DoNotOptimize(answer);
    next = (next + 1) % kAsked;
  }
}

void find_hit(benchmark::State& state) {
  Filled filled(static_cast<std::size_t>(state.range(0)), 0);
  find_each(state, filled);
  state.counters["bytes_per_link"] = filled.bytes_per_link;
  state.counters["target_bytes"] = static_cast<double>(kLocation.size());
}

void find_miss(benchmark::State& state) {
  Filled filled(static_cast<std::size_t>(state.range(0)), 1u << 30u);
  find_each(state, filled);
}

/// A full cache that has to evict an entry for each it takes in.
void insert_and_evict(benchmark::State& state) {
  LocalLinkCache cache(LocalCacheOptions{32u << 20u});
  std::uint64_t number = 0;
  const auto insert_one = [&] {
    cache.insert(code_of(++number),
                 {ginnel::domain::LinkId{1}, ginnel::domain::UserId{1}, true, kLocation});
  };
  while (cache.figures().evictions == 0) {
    insert_one();
  }
  for (auto _ : state) {
    insert_one();
  }
}

/// What a change of more than a thousand codes does to a full cache of the default size.
void forget_all(benchmark::State& state) {
  for (auto _ : state) {
    state.PauseTiming();
    auto filled = std::make_unique<Filled>(250'000, 0);
    state.ResumeTiming();
    filled->cache.forget_all();
    state.PauseTiming();
    filled.reset();
    state.ResumeTiming();
  }
}

BENCHMARK(find_hit)->Arg(1'000)->Arg(100'000)->Arg(1'000'000);
BENCHMARK(find_miss)->Arg(100'000)->Arg(1'000'000);
BENCHMARK(insert_and_evict);
BENCHMARK(forget_all)->Unit(benchmark::kMillisecond)->Iterations(5);

}  // namespace

BENCHMARK_MAIN();
