// SPDX-License-Identifier: MIT
#include "cache/cached_link_index.h"

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace ginnel::cache {
namespace {

/// Entries of the test's own, each with the hash it was given.
class CachedLinkIndexTest : public ::testing::Test {
 protected:
  void TearDown() override {  // NOLINT(readability-identifier-naming): GoogleTest's name
    for (const auto& [code, entry] : entries_) {
      CachedLink::destroy(entry.second);
    }
  }

  CachedLink* add(const std::string& code, std::uint64_t hash) {
    CachedLink* const entry = CachedLink::make(code, domain::RedirectView());
    EXPECT_TRUE(index_.insert(hash, *entry));
    entries_[code] = {hash, entry};
    return entry;
  }

  void remove(const std::string& code) {
    const auto [hash, entry] = entries_.at(code);
    index_.remove(hash, *entry);
    CachedLink::destroy(entry);
    entries_.erase(code);
  }

  void expect_all_found() {
    for (const auto& [code, entry] : entries_) {
      ASSERT_EQ(index_.find(entry.first, code), entry.second) << code;
    }
  }

  CachedLinkIndex index_{1'000};
  std::map<std::string, std::pair<std::uint64_t, CachedLink*>> entries_;
};

TEST_F(CachedLinkIndexTest, FindsNothingInAnEmptyTable) {
  EXPECT_EQ(index_.find(1, "a"), nullptr);
}

TEST_F(CachedLinkIndexTest, TellsCodesOfTheSameHashApart) {
  CachedLink* const first = add("first", 42);
  CachedLink* const second = add("second", 42);

  EXPECT_EQ(index_.find(42, "first"), first);
  EXPECT_EQ(index_.find(42, "second"), second);
  EXPECT_EQ(index_.find(42, "third"), nullptr);
}

TEST_F(CachedLinkIndexTest, LooksUpWholeCodesOnly) {
  add("docs", 42);

  EXPECT_EQ(index_.find(42, "doc"), nullptr);
  EXPECT_EQ(index_.find(42, "docs2"), nullptr);
}

TEST_F(CachedLinkIndexTest, KeepsEveryEntryReachableThroughRandomChanges) {
  // Few tables and crowded ones: all slots belong near the end or the beginning of a table, so that
  // the crowd goes round the corner.
  std::mt19937_64 random(20231);
  for (int step = 0; step < 20'000; ++step) {
    const std::string code = std::to_string(random() % 700);
    if (entries_.contains(code)) {
      remove(code);
    } else {
      const std::uint64_t tag = (0x10000u - 3'000u + random() % 6'000) & 0xffffu;
      add(code, (random() % 3 << 62u) | tag);
    }
    if (step % 97 == 0) {
      expect_all_found();
    }
  }
  expect_all_found();
}

TEST_F(CachedLinkIndexTest, AnnouncesItsGrowth) {
  for (int i = 0; i < 300; ++i) {
    const std::size_t before = index_.bytes();
    const std::size_t announced = index_.growth_bytes(static_cast<std::uint64_t>(i));
    add(std::to_string(i), static_cast<std::uint64_t>(i));
    ASSERT_LE(index_.bytes(), before + announced) << i;
    ASSERT_EQ(index_.bytes() > before, announced > 0) << i;
  }
}

TEST_F(CachedLinkIndexTest, TakesBetweenElevenAndSixteenBytesAnEntry) {
  std::mt19937_64 random(5);
  for (int i = 0; i < 1'000; ++i) {
    add(std::to_string(i), random());
  }
  EXPECT_GT(index_.bytes(), 1'000u * 32 / 3);
  EXPECT_LT(index_.bytes(), 1'000u * 16 + 200);
}

TEST_F(CachedLinkIndexTest, GivesItsMemoryBackWhenCleared) {
  const std::size_t empty = index_.bytes();
  add("docs", 42);
  EXPECT_GT(index_.bytes(), empty);
  index_.clear();

  EXPECT_EQ(index_.bytes(), empty);
  EXPECT_EQ(index_.find(42, "docs"), nullptr);
}

}  // namespace
}  // namespace ginnel::cache
