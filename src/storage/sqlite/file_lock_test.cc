// SPDX-License-Identifier: MIT
#include "storage/sqlite/file_lock.h"

#include <string>
#include <unistd.h>

#include <gtest/gtest.h>

#include "storage/sqlite/temporary_folder.h"

namespace ginnel::storage {
namespace {

TEST(FileLock, IsHeldByOneAtATime) {
  const TemporaryFolder folder;
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

TEST(FileLock, IsLetGoAtItsEnd) {
  const TemporaryFolder folder;
  { ASSERT_TRUE(FileLock::take(folder.file("a.db"))); }

  EXPECT_TRUE(FileLock::take(folder.file("a.db")));
}

TEST(FileLock, MovesWithoutLettingGo) {
  const TemporaryFolder folder;
  auto first = FileLock::take(folder.file("a.db"));
  ASSERT_TRUE(first);
  const FileLock moved = std::move(*first);

  EXPECT_FALSE(FileLock::take(folder.file("a.db")));
}

TEST(FileLock, NamesTheFileThatCannotBeMade) {
  const auto lock = FileLock::take("/proc/nowhere/a.db");

  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(lock.error().message.find("/proc/nowhere/a.db.lock cannot be opened: "), 0U);
}

}  // namespace
}  // namespace ginnel::storage
