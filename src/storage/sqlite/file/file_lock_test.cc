// SPDX-License-Identifier: MIT
#include "storage/sqlite/file/file_lock.h"

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <unistd.h>
#include <utility>

#include <gtest/gtest.h>

#include "support/temporary_folder.h"

namespace ginnel::storage::sqlite {
namespace {

TEST(FileLock, IsHeldByOneAtATime) {
  const support::TemporaryFolder folder;
  const std::string path = folder.file("a.db");
  const auto first = FileLock::take(path);
  ASSERT_TRUE(first);

  const auto second = FileLock::take(path);

  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::kConflict);
  EXPECT_EQ(second.error().message,
            path + " is being served by another process (pid " + std::to_string(::getpid()) +
                "): stop it first, then run the same command again");
}

TEST(FileLock, TellsWhereItsHolderIsAsked) {
  const support::TemporaryFolder folder;
  const std::string path = folder.file("a.db");
  EXPECT_EQ(FileLock::announced(path), "");
  {
    auto first = FileLock::take(path);
    ASSERT_TRUE(first);
    EXPECT_EQ(FileLock::take(path).error().detail, "");
    first->announce("http://127.0.0.1:4711");

    const auto second = FileLock::take(path);

    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().detail, "http://127.0.0.1:4711");
    EXPECT_EQ(second.error().message,
              path + " is being served by another process (pid " + std::to_string(::getpid()) +
                  ", at http://127.0.0.1:4711): stop it first, then run the same command again");
    EXPECT_EQ(FileLock::holder(path), std::to_string(::getpid()));
    EXPECT_EQ(FileLock::announced(path), "http://127.0.0.1:4711");
  }
  const auto third = FileLock::take(path);
  ASSERT_TRUE(third);
  EXPECT_EQ(FileLock::announced(path), "") << "the next holder serves nobody yet";
}

TEST(FileLock, IsLetGoAtItsEnd) {
  const support::TemporaryFolder folder;
  { ASSERT_TRUE(FileLock::take(folder.file("a.db"))); }

  EXPECT_TRUE(FileLock::take(folder.file("a.db")));
}

TEST(FileLock, MovesWithoutLettingGo) {
  const support::TemporaryFolder folder;
  auto first = FileLock::take(folder.file("a.db"));
  ASSERT_TRUE(first);
  const FileLock moved = std::move(*first);

  EXPECT_FALSE(FileLock::take(folder.file("a.db")));
}

TEST(FileLock, IsHeldThoughItsFileIsDeleted) {
  const support::TemporaryFolder folder;
  const std::string path = folder.file("a.db");
  std::ofstream(path) << "a database";
  std::optional<FileLock> first(std::move(*FileLock::take(path)));
  std::filesystem::remove(path + ".lock");

  const auto second = FileLock::take(path);

  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::kConflict);
  EXPECT_NE(second.error().message.find("its lock file is gone"), std::string::npos);
  EXPECT_EQ(FileLock::holder(path), "unknown");
  first.reset();
  EXPECT_FALSE(FileLock::holder(path));
  EXPECT_TRUE(FileLock::take(path));
}

TEST(FileLock, LocksAFileThatIsMadeLater) {
  const support::TemporaryFolder folder;
  const std::string path = folder.file("a.db");
  auto lock = FileLock::take(path);
  std::ofstream(path) << "a database";
  EXPECT_FALSE(FileLock::is_file_held(path));
  ASSERT_TRUE(lock->hold_file());
  EXPECT_TRUE(FileLock::is_file_held(path));
}

TEST(FileLock, NamesTheFileThatCannotBeMade) {
  const auto lock = FileLock::take("/proc/nowhere/a.db");

  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(lock.error().message.find("/proc/nowhere/a.db.lock cannot be opened: "), 0U);
}

}  // namespace
}  // namespace ginnel::storage::sqlite
