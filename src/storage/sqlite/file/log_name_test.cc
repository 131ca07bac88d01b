// SPDX-License-Identifier: MIT
#include "storage/sqlite/file/log_name.h"

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "storage/sqlite/file/database.h"
#include "support/temporary_folder.h"

namespace ginnel::storage::sqlite {
namespace {

namespace fs = std::filesystem;

/// Databases that are killed: their files are copied while they are open.
class LogName : public testing::Test {
 protected:
  void SetUp() override { open("a.db"); }

  std::string path(const std::string& name) const { return folder_.file(name); }

  void open(const std::string& name) {
    database_.reset();
    auto database = open_database(Location{path(name)}, true);
    ASSERT_TRUE(database) << database.error().message;
    database_.emplace(std::move(*database));
  }

  void copy(const std::string& from, const std::string& to) {
    fs::copy_file(path(from), path(to), fs::copy_options::overwrite_existing);
  }

  void run(const char* sql) { ASSERT_TRUE(database_->connection.execute(sql)) << sql; }

  /// A log of its own, with a name.
  void begin_log() {
    run("PRAGMA wal_checkpoint(TRUNCATE); BEGIN IMMEDIATE");
    ASSERT_TRUE(name_log(database_->connection));
    run("COMMIT");
  }

  /// Whether `b.db` can be opened with the log beside it.
  bool fits() {
    const auto opened = open_database(Location{path("b.db")}, true);
    if (!opened) {
      EXPECT_EQ(opened.error().kind, ErrorKind::kInvalid);
      EXPECT_NE(opened.error().message.find("b.db-wal is not the log of "), std::string::npos)
          << opened.error().message;
    }
    return opened.has_value();
  }

  support::TemporaryFolder folder_;
  std::optional<Database> database_;
};

TEST_F(LogName, FitsItsOwnFile) {
  begin_log();
  copy("a.db", "b.db");
  copy("a.db-wal", "b.db-wal");
  EXPECT_TRUE(fits());
}

TEST_F(LogName, FitsTheFileThatItWasCopiedInto) {
  begin_log();
  run("PRAGMA wal_checkpoint(PASSIVE)");
  copy("a.db", "b.db");
  copy("a.db-wal", "b.db-wal");
  EXPECT_TRUE(fits());
}

TEST_F(LogName, DoesNotFitAFileOfEarlierLogs) {
  begin_log();
  begin_log();
  copy("a.db", "b.db");
  begin_log();
  begin_log();
  copy("a.db-wal", "b.db-wal");
  EXPECT_FALSE(fits());
}

TEST_F(LogName, DoesNotFitAFileOfALaterLog) {
  begin_log();
  copy("a.db-wal", "b.db-wal");
  begin_log();
  begin_log();
  copy("a.db", "b.db");
  EXPECT_FALSE(fits());
}

TEST_F(LogName, DoesNotFitAnotherDatabase) {
  open("c.db");
  begin_log();
  begin_log();
  copy("c.db", "b.db");
  open("a.db");
  begin_log();
  begin_log();
  copy("a.db-wal", "b.db-wal");
  EXPECT_FALSE(fits());
}

TEST_F(LogName, IsGivenToTheLogThatMigrationsBegin) {
  open("c.db");  // and a.db ends
  copy("c.db", "b.db");
  copy("c.db-wal", "b.db-wal");
  EXPECT_TRUE(fits());
  fs::remove(path("b.db-shm"));
  copy("a.db", "b.db");
  copy("c.db-wal", "b.db-wal");
  EXPECT_FALSE(fits());
}

TEST_F(LogName, DoesNotFitAFileThatNeverHadALog) {
  begin_log();
  copy("a.db-wal", "c.db-wal");
  run("PRAGMA journal_mode = DELETE");
  copy("a.db", "b.db");
  copy("c.db-wal", "b.db-wal");
  EXPECT_FALSE(fits());
}

TEST_F(LogName, BelongsToNoFileThatIsMissingOrEmpty) {
  begin_log();
  copy("a.db-wal", "b.db-wal");
  EXPECT_FALSE(fits());
  EXPECT_FALSE(fs::exists(path("b.db")));
}

TEST_F(LogName, IsNotAskedForWhereNothingIsInTheLog) {
  begin_log();
  run("PRAGMA wal_checkpoint(TRUNCATE)");
  copy("a.db", "b.db");
  copy("a.db-wal", "b.db-wal");
  EXPECT_TRUE(fits());
}

TEST_F(LogName, LetsALogWithoutANamePass) {
  run("PRAGMA wal_checkpoint(TRUNCATE); UPDATE sequences SET value = 7 WHERE name <> 'log'");
  copy("a.db", "b.db");
  copy("a.db-wal", "b.db-wal");
  EXPECT_TRUE(fits());
}

}  // namespace
}  // namespace ginnel::storage::sqlite
