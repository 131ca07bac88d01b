// SPDX-License-Identifier: MIT
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "storage/sqlite/file/schema_fixture.h"
#include "support/temporary_folder.h"

namespace ginnel::storage::sqlite {
namespace {

using Mode = Connection::Mode;

TEST(SqliteSchema, AppliesEveryMigrationOnce) {
  auto database = empty_database();
  const auto before = migration_states(database, all_migrations());
  ASSERT_TRUE(before);
  EXPECT_EQ((*before)[0].name, "0001_users_links_events");
  EXPECT_FALSE(all_applied(*before));

  const auto applied = apply_migrations(database, all_migrations(), {});
  const auto again = apply_migrations(database, all_migrations(), {});

  ASSERT_TRUE(applied);
  ASSERT_TRUE(again);
  EXPECT_TRUE(all_applied(*applied));
  EXPECT_TRUE(all_applied(*migration_states(database, all_migrations())));
  EXPECT_EQ(*database.number("SELECT count(*) FROM schema_migrations"),
            static_cast<std::int64_t>(all_migrations().size()));
}

TEST(SqliteSchema, MarksTheFileAsOurs) {
  auto database = migrated_database();

  EXPECT_EQ(*database.number("PRAGMA application_id"), kApplicationId);
  EXPECT_EQ(*database.number("PRAGMA user_version"),
            std::stoi(std::string(all_migrations().back().name)));
  EXPECT_TRUE(check_file_is_ours(database, "x.db"));
}

TEST(SqliteSchema, GivesEachDatabaseAnIdOfItsOwn) {
  auto one = migrated_database();
  auto other = migrated_database();

  EXPECT_EQ(first_text(one, "SELECT id FROM instance").size(), 32U);
  EXPECT_NE(first_text(one, "SELECT id FROM instance"),
            first_text(other, "SELECT id FROM instance"));
}

TEST(SqliteSchema, RefusesADatabaseOfANewerVersion) {
  auto database = migrated_database();
  database.run("INSERT INTO schema_migrations VALUES (999, 'later', 'x', 0)").value();

  const auto states = apply_migrations(database, all_migrations(), {});

  ASSERT_FALSE(states);
  EXPECT_EQ(states.error().kind, ErrorKind::kInvalid);
  EXPECT_NE(states.error().message.find("newer ginnel"), std::string::npos);
}

TEST(SqliteSchema, RefusesADatabaseThatForgotItsMigrations) {
  for (const char* forget :
       {"DROP TABLE schema_migrations",
        "DELETE FROM schema_migrations",
        "DELETE FROM schema_migrations WHERE number = 2",
        "DELETE FROM schema_migrations WHERE number = (SELECT max(number) FROM schema_migrations)",
        "DROP TABLE schema_migrations; PRAGMA user_version = 0"}) {
    auto database = migrated_database();
    database.execute(forget).value();

    const auto states = apply_migrations(database, all_migrations(), {});

    ASSERT_FALSE(states) << forget;
    EXPECT_EQ(states.error().kind, ErrorKind::kInvalid);
    EXPECT_NE(states.error().message.find("schema_migrations"), std::string::npos);
  }
}

TEST(SqliteSchema, RefusesAMigrationThatWasChangedAfterwards) {
  auto database = migrated_database();
  const base::EmbeddedFile changed[] = {{"0001_users_links_events.sql", "CREATE TABLE t (x)"}};

  const auto states = migration_states(database, changed);

  ASSERT_FALSE(states);
  EXPECT_EQ(states.error().kind, ErrorKind::kInvalid);
  EXPECT_NE(states.error().message.find("0001_users_links_events was changed"), std::string::npos);
}

TEST(SqliteSchema, UndoesAMigrationThatFailsHalfway) {
  auto database = empty_database();
  const base::EmbeddedFile files[] = {
      {"0001_good.sql", "CREATE TABLE a (x);"},
      {"0002_bad.sql", "CREATE TABLE b (x); INSERT INTO nowhere VALUES (1);"}};

  const auto states = apply_migrations(database, files, {});

  ASSERT_FALSE(states);
  EXPECT_EQ(states.error().kind, ErrorKind::kInternal);
  EXPECT_EQ(states.error().message, "migration 0002_bad failed");
  EXPECT_NE(states.error().detail.find("nowhere"), std::string::npos);
  EXPECT_EQ(*database.number("SELECT count(*) FROM sqlite_schema WHERE name = 'b'"), 0);
  EXPECT_TRUE((*migration_states(database, files))[0].applied);
  EXPECT_FALSE((*migration_states(database, files))[1].applied);
}

TEST(SqliteSchema, RefusesTheFileOfAnotherProgram) {
  auto database = empty_database();
  database.execute("CREATE TABLE recipes (name TEXT)").value();

  const auto ours = check_file_is_ours(database, "kitchen.db");

  ASSERT_FALSE(ours);
  EXPECT_EQ(ours.error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(ours.error().message.find("kitchen.db is not a Ginnel database"), 0U);
}

TEST(SqliteSchema, RefusesAFileThatIsNoDatabase) {
  const support::TemporaryFolder folder;
  const std::string path = folder.file("letter.txt");
  std::ofstream(path) << std::string(5'000, 'x');
  auto connection = Connection::open(path, Mode::kWrite);
  ASSERT_TRUE(connection);

  const auto ours = check_file_is_ours(*connection, path);

  ASSERT_FALSE(ours);
  EXPECT_EQ(ours.error().kind, ErrorKind::kInvalid);
}

TEST(SqliteSchema, CountsTheClicksThatAnOlderVersionStored) {
  auto database = empty_database();
  apply_migrations(database, all_migrations().first(2), {}).value();
  database
      .execute(
          "INSERT INTO users VALUES (1, 'ada', 'a@b.c', 'ada', 'a@b.c', 0);"
          "INSERT INTO clicks VALUES (1, 7, 1, 20, 'abc123', 0, 0, 0, 0, 0, 0, 0, '', 0),"
          " (2, 8, 2, 30, 'second', 0, 0, 0, 0, 0, 0, 0, '', 0),"
          " (3, 7, 1, 10, 'abc123', 0, 0, 0, 0, 0, 0, 0, '', 0)")
      .value();

  apply_migrations(database, all_migrations(), {}).value();

  EXPECT_EQ(first_text(database, "SELECT metadata FROM users"), "{}");
  EXPECT_EQ(first_text(database,
                       "SELECT group_concat(user_id || ':' || clicks || ':' || last_at, ' ') "
                       "FROM user_clicks"),
            "1:2:20 2:1:30");
}

TEST(SqliteSchema, ComputesTheKeysOfNamesAnewAndLeavesThoseThatWouldCollide) {
  auto database = empty_database();
  const auto files = all_migrations();
  apply_migrations(database, files.first(5), {}).value();
  database
      .execute(
          "INSERT INTO users (id, username, email, username_key, email_key, created_at) VALUES "
          "(1, 'Ada', 'a', 'ada', 'a', 0),"
          "(2, 'J\u00dcRGEN', 'b', 'j\u00dcrgen', 'b', 0),"
          "(3, 'J\u00fcrgen', 'c', 'j\u00fcrgen', 'c', 0),"
          "(4, 'Ju\u0308rgen', 'd', 'ju\u0308rgen', 'd', 0),"
          "(5, 'STRA\u00dfE', 'e', 'stra\u00dfe', 'e', 0),"
          "(6, 'bea\u200b', 'f', 'bea\u200b', 'f', 0),"
          "(7, '\u0410', 'g', '\u0410', 'g', 0)")
      .value();

  apply_migrations(database, files, {}).value();

  EXPECT_EQ(
      first_text(database,
                 "SELECT group_concat(username_key, ' ') FROM (SELECT * FROM users ORDER BY id)"),
      "ada j\u00dcrgen j\u00fcrgen ju\u0308rgen strasse bea \u0430");
}

TEST(SqliteSchema, BringsTheKeysOfTheLastDayAlong) {
  auto database = empty_database();
  apply_migrations(database, all_migrations().first(6), {}).value();
  database
      .execute(
          "INSERT INTO audit (id, at, who, request_id, action, entity, entity_id, before, after) "
          "VALUES (5, 9, 'w', '', 'create', 'link', 70, '', '{\"short_code\":\"summer\"}'),"
          "(6, 9, 'w', '', 'create', 'user', 30, '', '{}');"
          "INSERT INTO idempotency_keys (who, key, request, audit_id, at) "
          "VALUES ('w', 'a', 'digest', 5, 9), ('w', 'b', 'digest', 6, 9)")
      .value();

  apply_migrations(database, all_migrations(), {}).value();

  EXPECT_EQ(first_text(database,
                       "SELECT group_concat(key || row_id || code || at, ' ') FROM "
                       "(SELECT * FROM idempotency_keys ORDER BY key)"),
            "a70summer9 b309");
}

TEST(SqliteSchema, KeepsTheTrailFromBeingChangedOrDeleted) {
  auto database = migrated_database();
  database
      .run(
          "INSERT INTO audit (at, who, request_id, action, entity, entity_id, before, after) "
          "VALUES (0, '', '', 'create', 'user', 1, '', '')")
      .value();

  EXPECT_FALSE(database.run("UPDATE audit SET who = 'nobody'"));
  EXPECT_FALSE(database.run("DELETE FROM audit"));
  EXPECT_EQ(*database.number("SELECT count(*) FROM audit WHERE who = ''"), 1);
}

}  // namespace
}  // namespace ginnel::storage::sqlite
