// SPDX-License-Identifier: MIT
#include "cache/local_link_cache.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <malloc.h>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace ginnel::cache {
namespace {

using Kind = HotAnswer::Kind;
using std::chrono::milliseconds;

/// A clock that stands still until it is told to move.
struct StillClock {
  std::chrono::steady_clock::time_point time{std::chrono::hours(1)};

  Now reader() {
    return [this] { return time; };
  }
};

domain::RedirectView redirect(std::int64_t number, std::string_view location) {
  return {domain::LinkId{number}, domain::UserId{number + 1}, true, location};
}

class LocalLinkCacheTest : public ::testing::Test {
 protected:
  static constexpr std::size_t kMaxBytes = 64u << 10u;

  /// Puts in one-off codes until about `bytes` of them went through.
  void flood(std::size_t bytes) {
    for (std::size_t done = 0; done < bytes; done += 112) {
      const std::string code = "flood" + std::to_string(flooded_++);
      cache_.insert(code, redirect(1, "https://example.org/flood/flood/flood/flood"));
    }
  }

  /// Puts in one-off codes until this one has left.
  void flood_out(std::string_view code) {
    while (knows(code)) {
      flood(112);
    }
  }

  void ask(std::string_view code, int times) {
    for (int i = 0; i < times; ++i) {
      cache_.find(code);
    }
  }

  /// Puts in links and asks for each twice, so that they go to the main queue and not away.
  void promote_many(const std::string& prefix, int count) {
    for (int i = 0; i < count; ++i) {
      const std::string code = prefix + std::to_string(i);
      cache_.insert(code, redirect(1, "https://example.org/0123456789012345678901234567890123456"));
      ask(code, 2);
    }
  }

  bool knows(std::string_view code) const { return cache_.peek(code).kind == Kind::kFound; }

  StillClock clock_;
  LocalLinkCache cache_{LocalCacheOptions{kMaxBytes}, clock_.reader(), SipKey{20, 23}};
  int flooded_ = 0;
};

TEST_F(LocalLinkCacheTest, KnowsNothingAtFirst) {
  EXPECT_EQ(cache_.find("docs").kind, Kind::kUnknown);
  EXPECT_EQ(cache_.figures().misses, 1u);
  EXPECT_EQ(cache_.figures().hits, 0u);
}

TEST_F(LocalLinkCacheTest, GivesBackWhatWasPutIn) {
  cache_.insert("docs", {domain::LinkId{7}, domain::UserId{9}, false, "https://example.org/a"});

  const HotAnswer answer = cache_.find("docs");
  ASSERT_EQ(answer.kind, Kind::kFound);
  EXPECT_EQ(answer.redirect.link, domain::LinkId{7});
  EXPECT_EQ(answer.redirect.user, domain::UserId{9});
  EXPECT_FALSE(answer.redirect.enabled);
  EXPECT_EQ(answer.redirect.location, "https://example.org/a");
  EXPECT_EQ(cache_.figures().hits, 1u);
}

TEST_F(LocalLinkCacheTest, ComparesCodesExactly) {
  cache_.insert("docs", redirect(1, "https://example.org/"));

  EXPECT_FALSE(knows("Docs"));
  EXPECT_FALSE(knows("doc"));
  EXPECT_FALSE(knows(""));
}

TEST_F(LocalLinkCacheTest, ReplacesWhatItKnew) {
  cache_.insert("docs", redirect(1, "https://example.org/old"));
  cache_.insert("docs", redirect(1, "https://example.org/new"));

  EXPECT_EQ(cache_.find("docs").redirect.location, "https://example.org/new");
  EXPECT_EQ(cache_.figures().entries, 1u);
}

TEST_F(LocalLinkCacheTest, ForgetsOneCode) {
  cache_.insert("docs", redirect(1, "https://example.org/"));
  cache_.insert("blog", redirect(2, "https://example.org/"));
  cache_.forget("docs");
  cache_.forget("never");

  EXPECT_FALSE(knows("docs"));
  EXPECT_TRUE(knows("blog"));
  EXPECT_EQ(cache_.figures().evictions, 0u);
}

TEST_F(LocalLinkCacheTest, ForgetsEverything) {
  const std::uint64_t empty = cache_.figures().bytes;
  flood(2 * kMaxBytes);
  cache_.insert_absent("never", clock_.time);
  cache_.forget_all();

  EXPECT_EQ(cache_.figures().entries, 0u);
  EXPECT_EQ(cache_.figures().bytes, empty);
  EXPECT_EQ(cache_.find("never").kind, Kind::kUnknown);
}

TEST_F(LocalLinkCacheTest, ForgetsWhichCodesCameBackToo) {
  cache_.insert("back", redirect(1, "https://example.org/"));
  flood_out("back");
  cache_.forget_all();
  cache_.insert("back", redirect(1, "https://example.org/"));
  flood(20 * kMaxBytes);

  EXPECT_FALSE(knows("back"));
}

TEST_F(LocalLinkCacheTest, RemembersAnAbsenceForEightyMilliseconds) {
  cache_.insert_absent("never", clock_.time);

  clock_.time += milliseconds(79);
  EXPECT_EQ(cache_.find("never").kind, Kind::kAbsent);
  clock_.time += milliseconds(1);
  EXPECT_EQ(cache_.find("never").kind, Kind::kUnknown);
  EXPECT_EQ(cache_.figures().hits, 1u);
  EXPECT_EQ(cache_.figures().misses, 1u);
}

TEST_F(LocalLinkCacheTest, CountsTheLifeOfAnAbsenceFromTheQuestion) {
  cache_.insert_absent("slow", clock_.time - milliseconds(79));
  cache_.insert_absent("slower", clock_.time - milliseconds(80));

  EXPECT_EQ(cache_.find("slow").kind, Kind::kAbsent);
  EXPECT_EQ(cache_.find("slower").kind, Kind::kUnknown);
  EXPECT_EQ(cache_.figures().entries, 1u);
}

TEST_F(LocalLinkCacheTest, PutsALinkInThePlaceOfItsAbsenceAndBack) {
  cache_.insert_absent("docs", clock_.time);
  cache_.insert("docs", redirect(1, "https://example.org/"));
  EXPECT_TRUE(knows("docs"));
  cache_.insert_absent("docs", clock_.time);
  EXPECT_EQ(cache_.find("docs").kind, Kind::kAbsent);
  EXPECT_EQ(cache_.figures().entries, 1u);
}

TEST_F(LocalLinkCacheTest, LetsAScannerPushNothingOut) {
  cache_.insert("docs", redirect(1, "https://example.org/"));
  for (int i = 0; i < 5'000; ++i) {
    cache_.insert_absent("scan" + std::to_string(i), clock_.time);
  }

  EXPECT_TRUE(knows("docs"));
  EXPECT_EQ(cache_.find("scan4999").kind, Kind::kAbsent);
  EXPECT_LT(cache_.figures().entries, kMaxBytes / 16 / 48);
}

TEST_F(LocalLinkCacheTest, ClearsExpiredAbsencesAway) {
  for (int i = 0; i < 20; ++i) {
    cache_.insert_absent("scan" + std::to_string(i), clock_.time);
  }
  clock_.time += milliseconds(80);
  for (int i = 0; i < 5; ++i) {
    cache_.insert("docs" + std::to_string(i), redirect(1, "https://example.org/"));
  }

  EXPECT_EQ(cache_.figures().entries, 5u);
}

TEST_F(LocalLinkCacheTest, EvictsOneOffCodesInTheOrderTheyCame) {
  flood(3 * kMaxBytes);

  const int kept = static_cast<int>(cache_.figures().entries);
  EXPECT_GT(cache_.figures().evictions, 0u);
  EXPECT_FALSE(knows("flood" + std::to_string(flooded_ - kept - 1)));
  for (int i = flooded_ - kept; i < flooded_; ++i) {
    ASSERT_TRUE(knows("flood" + std::to_string(i))) << i;
  }
}

TEST_F(LocalLinkCacheTest, KeepsALinkAskedForTwiceThroughAFlood) {
  cache_.insert("hot", redirect(1, "https://example.org/"));
  cache_.insert("once", redirect(2, "https://example.org/"));
  ask("hot", 2);
  ask("once", 1);
  flood(20 * kMaxBytes);

  EXPECT_TRUE(knows("hot"));
  EXPECT_FALSE(knows("once"));
}

TEST_F(LocalLinkCacheTest, LetsACodeThatComesBackStay) {
  cache_.insert("back", redirect(1, "https://example.org/"));
  cache_.insert("gone", redirect(1, "https://example.org/"));
  flood_out("back");
  cache_.insert("back", redirect(1, "https://example.org/"));  // the ghost queue remembers it
  flood(20 * kMaxBytes);

  EXPECT_TRUE(knows("back"));
  EXPECT_FALSE(knows("gone"));
}

TEST_F(LocalLinkCacheTest, LetsAHotLinkStayWhenItChanges) {
  cache_.insert("hot", redirect(1, "https://example.org/old"));
  ask("hot", 2);
  flood(2 * kMaxBytes);  // takes it to the main queue
  cache_.forget("hot");
  cache_.insert("hot", redirect(1, "https://example.org/new"));
  flood(20 * kMaxBytes);

  EXPECT_TRUE(knows("hot"));
}

TEST_F(LocalLinkCacheTest, EvictsFromTheMainQueueWhatIsNoLongerAskedFor) {
  promote_many("loved", 1);
  promote_many("past", 500);
  for (int i = 0; i < 500; ++i) {
    ask("past" + std::to_string(i), 100);  // counts for three
  }
  for (int i = 0; i < 5'000; ++i) {
    promote_many("next" + std::to_string(i) + "-", 1);
    ask("loved0", 3);
  }

  EXPECT_TRUE(knows("loved0"));
  EXPECT_FALSE(knows("past0"));
  EXPECT_FALSE(knows("past499"));
}

TEST_F(LocalLinkCacheTest, LeavesATenthOfTheMemoryToNewCodesHoweverManyHotOnesThereAre) {
  promote_many("hot", 2'000);
  flood(2 * kMaxBytes);

  for (int i = flooded_ - 40; i < flooded_; ++i) {
    ASSERT_TRUE(knows("flood" + std::to_string(i))) << flooded_ - i;
  }
}

TEST_F(LocalLinkCacheTest, FindsRoomAlthoughEveryEntryIsHot) {
  for (int i = 0; i < 5'000; ++i) {
    const std::string code = "hot" + std::to_string(i);
    cache_.insert(code, redirect(1, "https://example.org/"));
    ASSERT_TRUE(knows(code)) << i;
    for (int j = 0; j <= i; j += 1 + i / 50) {
      ask("hot" + std::to_string(i - j), 3);
    }
  }
  EXPECT_LE(cache_.figures().bytes, kMaxBytes);
}

TEST_F(LocalLinkCacheTest, KeepsNothingThatWouldPushOutATenthOfTheRest) {
  cache_.insert("docs", redirect(1, "https://example.org/"));
  cache_.insert("large", redirect(2, std::string(kMaxBytes / 10, 'x')));
  cache_.insert(std::string(300, 'c'), redirect(3, "https://example.org/"));
  cache_.insert_absent(std::string(300, 'c'), clock_.time);

  EXPECT_EQ(cache_.figures().entries, 1u);
  EXPECT_EQ(cache_.figures().evictions, 0u);
}

TEST_F(LocalLinkCacheTest, DoesNotShowAnOldValueWhenTheNewOneIsTooLarge) {
  cache_.insert("docs", redirect(1, "https://example.org/"));
  cache_.insert("docs", redirect(1, std::string(kMaxBytes / 10, 'x')));

  EXPECT_EQ(cache_.find("docs").kind, Kind::kUnknown);
}

TEST(LocalLinkCache, MayHaveNoMemoryAtAll) {
  LocalLinkCache cache(LocalCacheOptions{0});
  cache.insert("docs", redirect(1, "https://example.org/"));
  cache.insert_absent("never", std::chrono::steady_clock::now());
  cache.forget("docs");

  EXPECT_EQ(cache.find("docs").kind, Kind::kUnknown);
  EXPECT_EQ(cache.figures().entries, 0u);
}

/// Does one thing or another with one code or another.
void change(LocalLinkCache& cache, StillClock& clock, std::mt19937_64& random) {
  static const std::string kText(2'000, 'x');
  const std::string code = std::to_string(random() % 20'000);
  const std::uint64_t what = random() % 100;
  if (what < 45) {
    const std::size_t length = random() % 10 == 0 ? random() % 2'000 : random() % 80;
    cache.insert(code, redirect(1, std::string_view(kText).substr(0, length)));
  } else if (what < 60) {
    cache.insert_absent(code, clock.time - milliseconds(random() % 90));
  } else if (what < 70) {
    cache.forget(code);
  } else {
    cache.find(std::to_string(random() % 300));
  }
  clock.time += std::chrono::microseconds(random() % 100);
}

/// Changes the cache at random and checks the bound after each step.
void expect_bounded(std::size_t max_bytes, std::uint64_t seed) {
  StillClock clock;
  LocalLinkCache cache(LocalCacheOptions{max_bytes}, clock.reader(), SipKey{seed, seed});
  std::mt19937_64 random(seed);
  for (int step = 0; step < 100'000; ++step) {
    change(cache, clock, random);
    ASSERT_LE(cache.figures().bytes, max_bytes) << "step " << step << ", seed " << seed;
  }
  EXPECT_GT(cache.figures().bytes, max_bytes - max_bytes / 8) << "the memory should be used, too";
}

TEST(LocalLinkCache, NeverHoldsMoreThanItMay) {
  expect_bounded(16u << 10u, 1);
  expect_bounded(100'000, 2);
  expect_bounded(1u << 20u, 3);
}

TEST(LocalLinkCache, LetsAnyThreadReadItsFigures) {
  LocalLinkCache cache(LocalCacheOptions{1u << 20u});
  std::uint64_t most_entries = 0;
  std::thread reader([&cache, &most_entries] {  // the thread sanitizer judges
    for (int i = 0; i < 1'000; ++i) {
      most_entries = std::max(most_entries, cache.figures().entries);
    }
  });
  for (int i = 0; i < 1'000; ++i) {
    cache.insert(std::to_string(i), redirect(1, "https://example.org/"));
    cache.find(std::to_string(i));
  }
  reader.join();

  EXPECT_LE(most_entries, 1'000u);
  EXPECT_EQ(cache.figures().hits, 1'000u);
}

TEST(LocalLinkCache, CountsTheMemoryItReallyTakes) {
  const std::size_t before = mallinfo2().uordblks;
  LocalLinkCache cache(LocalCacheOptions{8u << 20u});
  for (int i = 0; i < 100'000; ++i) {
    cache.insert("c" + std::to_string(i),
                 redirect(i, "https://example.org/some/page/" + std::to_string(i * 7919)));
  }
  const std::size_t taken = mallinfo2().uordblks - before;
  if (taken == 0) {
    GTEST_SKIP() << "a sanitizer's allocator: mallinfo2 sees nothing";
  }

  const auto counted = static_cast<double>(cache.figures().bytes);
  EXPECT_NEAR(static_cast<double>(taken), counted, counted / 100);
}

TEST(LocalLinkCache, TakesLessThanNinetyBytesALinkAndItsTarget) {
  LocalLinkCache cache(LocalCacheOptions{64u << 20u});
  const std::uint64_t empty = cache.figures().bytes;
  const std::string target = "https://example.org/news/2024/05/an-article-1";
  constexpr int kLinks = 100'000;
  for (int i = 0; i < kLinks; ++i) {
    cache.insert("c" + std::to_string(100'000 + i), redirect(i, target));
  }

  const std::uint64_t each = (cache.figures().bytes - empty) / kLinks;
  RecordProperty("bytes_per_link_and_target_of_45", static_cast<int>(each));
  EXPECT_LT(each, 90 + target.size());
}

}  // namespace
}  // namespace ginnel::cache
