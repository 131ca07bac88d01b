// SPDX-License-Identifier: MIT
#include "clicks/journal_folder.h"

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <sys/stat.h>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include "clicks/journal_fixture.h"
#include "storage/sqlite/temporary_folder.h"

namespace ginnel::clicks {
namespace {

class JournalFolderTest : public testing::Test {
 protected:
  JournalFolder hold_first() {
    auto held = JournalFolder::hold_first(parent_);
    EXPECT_TRUE(held) << held.error().message;
    return std::move(*held);
  }

  bool is_held(const std::string& path) {
    const auto held = JournalFolder::hold(path);
    return held && !*held;
  }

  storage::TemporaryFolder folder_;
  std::string parent_ = folder_.file("a/journal");
};

TEST_F(JournalFolderTest, IsTheFirstOneThatNobodyHolds) {
  const JournalFolder first = hold_first();
  const JournalFolder second = hold_first();
  EXPECT_EQ(first.path(), parent_ + "/0");
  EXPECT_EQ(second.path(), parent_ + "/1");
  EXPECT_TRUE(is_held(parent_ + "/0"));
}

TEST_F(JournalFolderTest, IsFreeAgainWhenItsHolderEnds) {
  { const JournalFolder first = hold_first(); }
  EXPECT_FALSE(is_held(parent_ + "/0"));
  EXPECT_EQ(hold_first().path(), parent_ + "/0");
}

TEST_F(JournalFolderTest, IsClosedToOthers) {
  const JournalFolder held = hold_first();
  struct stat status {};
  ASSERT_EQ(::stat(held.path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0027U, 0U);
}

TEST_F(JournalFolderTest, FailsNamingTheSettingWhereNoneCanBeMade) {
  write_file(folder_.file("a"), "a file in its place");
  const auto held = JournalFolder::hold_first(parent_);
  ASSERT_FALSE(held);
  EXPECT_EQ(held.error().kind, ErrorKind::kUnavailable);
  EXPECT_NE(held.error().message.find("journal.folder"), std::string::npos);
}

TEST_F(JournalFolderTest, VanishesWhenItIsLetGoOfEmpty) {
  JournalFolder::let_go(hold_first());
  EXPECT_FALSE(std::filesystem::exists(parent_ + "/0"));
}

TEST_F(JournalFolderTest, StaysWhenItIsLetGoOfWithSomethingInIt) {
  JournalFolder held = hold_first();
  write_file(held.path() + "/a.clicks", segment_of(1));
  JournalFolder::let_go(std::move(held));
  EXPECT_TRUE(std::filesystem::exists(parent_ + "/0/a.clicks"));
  EXPECT_FALSE(is_held(parent_ + "/0"));
}

TEST_F(JournalFolderTest, GivesItsSegmentsTheOldestFirst) {
  const JournalFolder held = hold_first();
  const std::string body = segment_of(1).substr(kSegmentHeaderBytes);
  SegmentHeader younger = header_of();
  younger.created += std::chrono::seconds(1);
  write_file(held.path() + "/a.clicks", segment_header_bytes(younger) + body);
  write_file(held.path() + "/b.clicks", segment_of(2));
  const auto contents = held.contents();

  ASSERT_EQ(contents.segments.size(), 2U);
  EXPECT_EQ(contents.segments[0].path, held.path() + "/b.clicks");
  EXPECT_EQ(contents.segments[0].end, segment_of(2).size());
  EXPECT_TRUE(contents.segments[0].sealed);
  EXPECT_TRUE(contents.segments[0].earlier);
}

TEST_F(JournalFolderTest, ClearsAwayWhatWasHalfMade) {
  const JournalFolder held = hold_first();
  write_file(held.path() + "/a.clicks.new", "GIN");
  EXPECT_TRUE(held.contents().segments.empty());
  EXPECT_FALSE(std::filesystem::exists(held.path() + "/a.clicks.new"));
}

TEST_F(JournalFolderTest, TellsWhatCannotBeRead) {
  const JournalFolder held = hold_first();
  write_file(held.path() + "/a.clicks", "nonsense");
  write_file(held.path() + "/b.clicks.damaged", segment_of(1));
  write_file(held.path() + "/note.txt", "not ours");
  const auto contents = held.contents();
  EXPECT_EQ(contents.unreadable.size(), 2U);
  EXPECT_TRUE(std::filesystem::exists(held.path() + "/note.txt"));
}

/// Two processes want a folder that a third is deleting: whoever opened its lock before it was
/// unlinked must not think that he holds it.
TEST_F(JournalFolderTest, IsNeverHeldByALockThatIsNotThereAnyMore) {
  constexpr int kRounds = 2'000;
  std::atomic<int> holders{0};
  std::atomic<int> together{0};
  std::atomic<int> times{0};
  const auto take_and_let_go = [&] {
    for (int round = 0; round < kRounds; ++round) {
      auto held = JournalFolder::hold(parent_);
      if (!held || !*held) {
        continue;
      }
      together += holders.fetch_add(1) == 0 ? 0 : 1;
      ++times;
      holders.fetch_sub(1);
      JournalFolder::let_go(std::move(**held));
    }
  };
  std::filesystem::create_directories(folder_.file("a"));
  std::thread one(take_and_let_go);
  std::thread other(take_and_let_go);
  one.join();
  other.join();
  std::printf("held %d times, %d times by two\n", times.load(), together.load());
  EXPECT_EQ(together, 0);
  EXPECT_GT(times, 0);
}

}  // namespace
}  // namespace ginnel::clicks
