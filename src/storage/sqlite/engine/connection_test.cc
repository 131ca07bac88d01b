// SPDX-License-Identifier: MIT
#include "storage/sqlite/engine/connection.h"

#include <filesystem>
#include <sys/stat.h>

#include <gtest/gtest.h>

#include "storage/event_store.h"
#include "storage/sqlite/file/database.h"
#include "support/temporary_folder.h"

namespace ginnel::storage::sqlite {
namespace {

using Mode = Connection::Mode;

Connection in_memory() {
  auto connection = Connection::open({}, Mode::kMemory);
  connection->execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT UNIQUE, n INTEGER)")
      .value();
  return std::move(*connection);
}

TEST(SqliteConnection, GivesBackWhatWasBound) {
  auto database = in_memory();
  const std::string with_zero("a\0b", 3);
  const std::optional<std::int64_t> nothing;

  database.run("INSERT INTO t (name, n) VALUES (?, ?)", with_zero, nothing).value();
  database.run("INSERT INTO t (name, n) VALUES (?, ?)", std::string_view(), 7).value();

  auto names =
      database.all("SELECT name FROM t ORDER BY id", [](const Row& row) { return row.text(0); });
  EXPECT_EQ(*names, (std::vector<std::string>{with_zero, ""}));
  auto numbers = database.all("SELECT n FROM t ORDER BY id",
                              [](const Row& row) { return row.optional_integer(0); });
  EXPECT_EQ(*numbers, (std::vector<std::optional<std::int64_t>>{nothing, 7}));
  EXPECT_EQ(database.last_id(), 2);
}

TEST(SqliteConnection, BindsAnEmptyTextAsTextAndNotAsNull) {
  auto database = in_memory();

  EXPECT_TRUE(*database.exists("SELECT 1 WHERE ? = ''", std::string_view()));
}

TEST(SqliteConnection, GivesNothingWhereThereIsNoRow) {
  auto database = in_memory();

  auto name = [](const Row& row) { return row.text(0); };
  EXPECT_FALSE(database.first("SELECT name FROM t", name)->has_value());
  EXPECT_FALSE(*database.exists("SELECT 1 FROM t"));
  EXPECT_EQ(*database.number("SELECT count(*) FROM t"), 0);
}

// What a statement would still give is neither read nor kept, however many rows a query allows.
TEST(SqliteConnection, ReadsOneRowMoreThanAPageHolds) {
  auto database = in_memory();
  for (int i = 0; i < 100; ++i) {
    database.run("INSERT INTO t (name) VALUES (?)", std::to_string(i)).value();
  }
  EventQuery query;
  query.limit = 1'000;
  query.max_bytes = 3'000;
  int read = 0;
  const auto event_of = [&read](const Row& row) {
    ++read;
    domain::Event event;
    event.id.value = row.integer(0);
    event.details.resize(1'000);
    return event;
  };

  const auto page = database.prepare("SELECT id FROM t ORDER BY id").page(event_of, query);

  EXPECT_EQ(page->rows.size(), 3U);
  EXPECT_TRUE(page->more);
  EXPECT_EQ(read, 4);
}

TEST(SqliteConnection, EndsItsReadTransactionWithTheRead) {
  auto database = in_memory();
  database.run("INSERT INTO t (name) VALUES ('a'), ('b')").value();

  database.exists("SELECT 1 FROM t").value();  // stops at the first of two rows

  EXPECT_EQ(sqlite3_txn_state(database.handle(), "main"), SQLITE_TXN_NONE);
}

TEST(SqliteConnection, SaysConflictForABrokenUniqueIndex) {
  auto database = in_memory();
  database.run("INSERT INTO t (name) VALUES ('a')").value();

  const auto again = database.run("INSERT INTO t (name) VALUES ('a')");

  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, ErrorKind::kConflict);
  EXPECT_EQ(again.error().message.find("t.name"), std::string::npos);
  EXPECT_NE(again.error().detail.find("t.name"), std::string::npos);
}

TEST(SqliteConnection, ReportsAStatementThatCannotBePrepared) {
  auto database = in_memory();

  const auto done = database.run("SELEKT 1");

  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, ErrorKind::kInternal);
  EXPECT_NE(done.error().detail.find("SELEKT"), std::string::npos);
  EXPECT_FALSE(database.exists("SELECT 1 FROM nowhere"));
  EXPECT_FALSE(database.execute("SELECT 1 FROM nowhere"));
}

TEST(SqliteConnection, ReportsAValueTooMany) {
  auto database = in_memory();

  EXPECT_FALSE(database.run("INSERT INTO t (name) VALUES (?)", std::string_view("a"), 1));
  EXPECT_EQ(*database.number("SELECT count(*) FROM t"), 0);
}

TEST(SqliteConnection, RollsBackOnlyWhatIsOpen) {
  auto database = in_memory();
  EXPECT_FALSE(database.in_transaction());
  database.roll_back();

  database.execute("BEGIN; INSERT INTO t (name) VALUES ('a')").value();
  EXPECT_TRUE(database.in_transaction());
  database.roll_back();

  EXPECT_FALSE(database.in_transaction());
  EXPECT_EQ(*database.number("SELECT count(*) FROM t"), 0);
}

TEST(SqliteConnection, SaysThatAMissingFileCannotBeOpened) {
  const support::TemporaryFolder folder;

  const auto opened = Connection::open(folder.file("none.db"), Mode::kWrite);

  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::kUnavailable);
}

/// SQLite would wait for whoever writes to the pipe.
TEST(SqliteConnection, OpensNothingBesideAPipe) {
  const support::TemporaryFolder folder;
  const std::string path = folder.file("a.db");
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
    ASSERT_EQ(::mkfifo((path + suffix).c_str(), 0600), 0);
    for (const Mode mode : {Mode::kWrite, Mode::kRead}) {
      const auto opened = Connection::open(path, mode);
      ASSERT_FALSE(opened) << suffix;
      EXPECT_EQ(opened.error().message, path + suffix + " is a pipe or a device, not a file");
    }
    std::filesystem::remove(path + suffix);
  }
}

TEST(SqliteConnection, AReaderChangesNothing) {
  const support::TemporaryFolder folder;
  const Location location = {folder.file("a.db")};
  auto writer = open_database(location, true);
  ASSERT_TRUE(writer);
  auto reader = open_reader(location);
  ASSERT_TRUE(reader);

  const auto done = reader->run("DELETE FROM users");

  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, ErrorKind::kUnavailable);
  EXPECT_TRUE(reader->read_only());
  EXPECT_FALSE(writer->connection.read_only());
}

TEST(SqliteConnection, GivesEachKindOfFailureItsMeaning) {
  EXPECT_EQ(error_of(SQLITE_BUSY_SNAPSHOT, nullptr).kind, ErrorKind::kUnavailable);
  EXPECT_EQ(error_of(SQLITE_FULL, nullptr).message, "The database has no room left");
  EXPECT_EQ(error_of(SQLITE_IOERR_FSYNC, nullptr).kind, ErrorKind::kUnavailable);
  EXPECT_EQ(error_of(SQLITE_READONLY, nullptr).message, "The database cannot be written");
  EXPECT_EQ(error_of(SQLITE_CORRUPT, nullptr).message, "The database file is damaged");
  EXPECT_EQ(error_of(SQLITE_NOTADB, nullptr).kind, ErrorKind::kUnavailable);
  EXPECT_EQ(error_of(SQLITE_CONSTRAINT_NOTNULL, nullptr).kind, ErrorKind::kInternal);
}

}  // namespace
}  // namespace ginnel::storage::sqlite
