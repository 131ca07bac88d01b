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
#include "support/temporary_folder.h"

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

  support::TemporaryFolder folder_;
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
  EXPECT_TRUE(std::filesystem::exists(parent_ + "/0/lock"));
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

/// Two processes want a folder that each deletes when it lets go of it. Whoever opened its lock
/// before it was unlinked must not think that he holds it: another could then hold it too.
TEST_F(JournalFolderTest, IsNeverHeldByALockThatIsNotThereAnyMore) {
  std::filesystem::create_directories(folder_.file("a"));
  std::atomic<int> held{0};
  std::atomic<int> held_twice{0};
  const auto hold_and_let_go = [&] {
    for (int round = 0; round < 2'000; ++round) {
      auto folder = JournalFolder::hold(parent_);
      if (folder && *folder) {
        ++held;
        const auto again = JournalFolder::hold(parent_);
        held_twice += again && *again ? 1 : 0;
        JournalFolder::let_go(std::move(**folder));
      }
    }
  };
  std::thread one(hold_and_let_go);
  std::thread other(hold_and_let_go);
  one.join();
  other.join();
  std::printf("held %d times, %d times twice\n", held.load(), held_twice.load());
  EXPECT_EQ(held_twice, 0);
  EXPECT_GT(held, 0);
}

}  // namespace
}  // namespace ginnel::clicks
