// SPDX-License-Identifier: MIT
#include "storage/sqlite/file/database_files.h"

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <unistd.h>
#include <utility>

#include <gtest/gtest.h>

#include "storage/sqlite/file/database.h"
#include "support/temporary_folder.h"

namespace ginnel::storage::sqlite {
namespace {

namespace fs = std::filesystem;

/// An open database with something in its file and in its log.
class DatabaseFilesTest : public testing::Test {
 protected:
  void SetUp() override {
    auto database = open_database(Location{path()}, true);
    ASSERT_TRUE(database);
    database_.emplace(std::move(*database));
    ASSERT_TRUE(connection().execute("PRAGMA wal_checkpoint(PASSIVE); CREATE TABLE t (n)"));
    files_.emplace(connection().handle(), path());
  }

  Connection& connection() { return database_->connection; }
  std::string path(const std::string& end = {}) const { return folder_.file("a.db") + end; }

  /// What the look says, without the folder; empty when nothing is wrong.
  std::string look() {
    const auto fault = files_->look();
    if (!fault) {
      return {};
    }
    const std::string_view reason = to_text(fault->reason);
    return std::string(reason) + ": " + fault->what.substr(folder_.path().size() + 1);
  }

  support::TemporaryFolder folder_;
  std::optional<Database> database_;
  std::optional<DatabaseFiles> files_;
};

TEST_F(DatabaseFilesTest, FindsNothingInWhatSqliteDoes) {
  EXPECT_EQ(look(), "");
  for (const char* sql : {"INSERT INTO t VALUES (1)",
                          "PRAGMA wal_checkpoint(PASSIVE)",
                          "INSERT INTO t VALUES (2)",
                          "PRAGMA wal_checkpoint(TRUNCATE)",
                          "INSERT INTO t VALUES (zeroblob(100000))",
                          "PRAGMA wal_checkpoint(RESTART)"}) {
    ASSERT_TRUE(connection().execute(sql));
    EXPECT_EQ(look(), "") << sql;
  }
}

TEST_F(DatabaseFilesTest, TakesTheCheckpointOfAnotherProgram) {
  auto other = Connection::open(path(), Connection::Mode::kWrite);
  ASSERT_TRUE(other->execute("INSERT INTO t VALUES (1); PRAGMA wal_checkpoint(TRUNCATE)"));
  EXPECT_EQ(look(), "");
}

TEST_F(DatabaseFilesTest, SeesEachFileThatIsMovedAndThatItIsBack) {
  for (const char* end : {"", "-wal", "-shm", ".lock"}) {
    fs::rename(path(end), path(".away"));
    EXPECT_EQ(look().find(std::string("moved: a.db") + end + " was moved"), 0U) << look();
    std::ofstream(path(end)) << "other";
    EXPECT_EQ(look().find(std::string("moved: a.db") + end + " was "), 0U) << look();
    fs::rename(path(".away"), path(end));
    EXPECT_EQ(look(), "") << end;
  }
}

TEST_F(DatabaseFilesTest, SeesAFileOfOthersThatIsMoved) {
  std::ofstream(path(".other")) << "a";
  files_->watch(*FileMark::of(path(".other")));
  EXPECT_EQ(look(), "");
  fs::remove(path(".other"));
  EXPECT_EQ(look(), "moved: a.db.other was moved or deleted");
}

TEST_F(DatabaseFilesTest, SeesALogThatWasEmptied) {
  ASSERT_EQ(::truncate(path("-wal").c_str(), 0), 0);
  EXPECT_EQ(look(), "damaged: a.db-wal was emptied or overwritten by another program");
}

TEST_F(DatabaseFilesTest, SeesALogThatIsAnother) {
  std::fstream(path("-wal"), std::ios::in | std::ios::out | std::ios::binary)
      << std::string(64, 'x');
  EXPECT_EQ(look(), "damaged: a.db-wal was emptied or overwritten by another program");
}

TEST_F(DatabaseFilesTest, SeesThatTheFileWasWrittenToWithoutSqlite) {
  std::fstream file(path(), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(5'000);
  file << 'x';
  file.close();
  EXPECT_EQ(look(), "damaged: a.db was written to by a program that is not SQLite");
}

/// Another program's checkpoint that takes long: the numbers of the index that it sets before and
/// after (https://www.sqlite.org/walformat.html#the_wal_index_file_format).
TEST_F(DatabaseFilesTest, TakesACheckpointThatIsUnderWay) {
  const auto set_in_index = [this](std::streamoff offset, std::uint32_t frames) {
    std::fstream index(path("-shm"), std::ios::in | std::ios::out | std::ios::binary);
    index.seekp(offset);
    index.write(reinterpret_cast<const char*>(&frames), sizeof frames);
  };
  const auto write_page = [this](char byte) {
    std::fstream file(path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(5'000);
    file << byte;
  };
  EXPECT_EQ(look(), "");
  set_in_index(128, 1);
  for (const char byte : {'x', 'y', 'z'}) {
    write_page(byte);
    EXPECT_EQ(look(), "") << byte;
  }
  set_in_index(96, 1);
  EXPECT_EQ(look(), "");
  write_page('a');
  EXPECT_EQ(look(), "damaged: a.db was written to by a program that is not SQLite");
}

TEST_F(DatabaseFilesTest, SeesAnIndexThatWasCutBeforeItIsRead) {
  const auto whole = fs::file_size(path("-shm"));
  for (const off_t bytes : {0, 100, 4096}) {
    ASSERT_EQ(::truncate(path("-shm").c_str(), bytes), 0);
    EXPECT_EQ(look(), "damaged: a.db-shm was emptied or cut off by another program") << bytes;
    EXPECT_EQ(fs::file_size(path("-shm")), whole) << "so that SQLite can read it";
    EXPECT_TRUE(connection().execute("INSERT INTO t VALUES (1)")) << "and makes it anew";
  }
  EXPECT_EQ(connection().number("SELECT count(*) FROM t").value(), 3);
}

TEST_F(DatabaseFilesTest, NamesALogByItsSalts) {
  const auto first = files_->log_salts();
  ASSERT_TRUE(first);
  ASSERT_TRUE(connection().execute("INSERT INTO t VALUES (1)"));
  EXPECT_EQ(files_->log_salts(), first);
  ASSERT_TRUE(connection().execute("PRAGMA wal_checkpoint(TRUNCATE)"));
  EXPECT_FALSE(files_->log_salts()) << "nothing is in it";
  ASSERT_TRUE(connection().execute("INSERT INTO t VALUES (2)"));
  ASSERT_TRUE(files_->log_salts());
  EXPECT_NE(files_->log_salts(), first);
}

}  // namespace
}  // namespace ginnel::storage::sqlite
