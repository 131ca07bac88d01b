// SPDX-License-Identifier: MIT
#include "storage/sqlite/sqlite_schema.h"

#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "storage/sqlite/temporary_folder.h"

namespace ginnel::storage {
namespace {

using Mode = SqliteConnection::Mode;

SqliteConnection empty() {
  return std::move(*SqliteConnection::open({}, Mode::kMemory));
}

SqliteConnection migrated() {
  auto database = empty();
  apply_migrations(database, sqlite_migrations(), {}).value();
  return database;
}

std::string text(SqliteConnection& database, std::string_view sql) {
  auto found = database.first(sql, [](const SqliteRow& row) { return row.text(0); });
  return found ? found->value_or("") : found.error().detail;
}

/// What SQLite says it will do for `sql`.
std::string plan(SqliteConnection& database, const std::string& sql) {
  auto steps = database.all("EXPLAIN QUERY PLAN " + sql,
                            [](const SqliteRow& row) { return row.text(3) + "; "; });
  std::string joined;
  for (const std::string& step : *steps) {
    joined += step;
  }
  return joined;
}

TEST(SqliteSchema, AppliesEveryMigrationOnce) {
  auto database = empty();
  const auto before = migration_states(database, sqlite_migrations());
  ASSERT_TRUE(before);
  EXPECT_EQ((*before)[0].name, "0001_users_links_events");
  EXPECT_FALSE(all_applied(*before));

  const auto applied = apply_migrations(database, sqlite_migrations(), {});
  const auto again = apply_migrations(database, sqlite_migrations(), {});

  ASSERT_TRUE(applied);
  ASSERT_TRUE(again);
  EXPECT_TRUE(all_applied(*applied));
  EXPECT_TRUE(all_applied(*migration_states(database, sqlite_migrations())));
  EXPECT_EQ(*database.number("SELECT count(*) FROM schema_migrations"),
            static_cast<std::int64_t>(sqlite_migrations().size()));
}

TEST(SqliteSchema, MarksTheFileAsOurs) {
  auto database = migrated();

  EXPECT_EQ(*database.number("PRAGMA application_id"), kApplicationId);
  EXPECT_EQ(*database.number("PRAGMA user_version"),
            static_cast<std::int64_t>(sqlite_migrations().size()));
  EXPECT_TRUE(check_file_is_ours(database, "x.db"));
}

TEST(SqliteSchema, GivesEachDatabaseAnIdOfItsOwn) {
  auto one = migrated();
  auto other = migrated();

  EXPECT_EQ(text(one, "SELECT id FROM instance").size(), 32U);
  EXPECT_NE(text(one, "SELECT id FROM instance"), text(other, "SELECT id FROM instance"));
}

TEST(SqliteSchema, RefusesADatabaseOfANewerVersion) {
  auto database = migrated();
  database.run("INSERT INTO schema_migrations VALUES (999, 'later', 'x', 0)").value();

  const auto states = apply_migrations(database, sqlite_migrations(), {});

  ASSERT_FALSE(states);
  EXPECT_EQ(states.error().kind, ErrorKind::kInvalid);
  EXPECT_NE(states.error().message.find("newer ginnel"), std::string::npos);
}

TEST(SqliteSchema, RefusesAMigrationThatWasChangedAfterwards) {
  auto database = migrated();
  const base::EmbeddedFile changed[] = {{"0001_users_links_events.sql", "CREATE TABLE t (x)"}};

  const auto states = migration_states(database, changed);

  ASSERT_FALSE(states);
  EXPECT_EQ(states.error().kind, ErrorKind::kInvalid);
  EXPECT_NE(states.error().message.find("0001_users_links_events was changed"), std::string::npos);
}

TEST(SqliteSchema, UndoesAMigrationThatFailsHalfway) {
  auto database = empty();
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
  auto database = empty();
  database.execute("CREATE TABLE recipes (name TEXT)").value();

  const auto ours = check_file_is_ours(database, "kitchen.db");

  ASSERT_FALSE(ours);
  EXPECT_EQ(ours.error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(ours.error().message.find("kitchen.db is not a Ginnel database"), 0U);
}

TEST(SqliteSchema, RefusesAFileThatIsNoDatabase) {
  const TemporaryFolder folder;
  const std::string path = folder.file("letter.txt");
  std::ofstream(path) << std::string(5'000, 'x');
  auto connection = SqliteConnection::open(path, Mode::kWrite);
  ASSERT_TRUE(connection);

  const auto ours = check_file_is_ours(*connection, path);

  ASSERT_FALSE(ours);
  EXPECT_EQ(ours.error().kind, ErrorKind::kInvalid);
}

TEST(SqliteSchema, KeepsTheTrailFromBeingChangedOrDeleted) {
  auto database = migrated();
  database
      .run(
          "INSERT INTO audit (at, who, request_id, action, entity, entity_id, before, after) "
          "VALUES (0, '', '', 'create', 'user', 1, '', '')")
      .value();

  EXPECT_FALSE(database.run("UPDATE audit SET who = 'nobody'"));
  EXPECT_FALSE(database.run("DELETE FROM audit"));
  EXPECT_EQ(*database.number("SELECT count(*) FROM audit WHERE who = ''"), 1);
}

/// Fails when SQLite would look at every row, or sort, for `sql`.
void expect_search(SqliteConnection& database, const std::string& sql) {
  const std::string steps = plan(database, sql);
  EXPECT_EQ(steps.find("SEARCH"), 0U) << sql << ": " << steps;
  EXPECT_EQ(steps.find("SCAN"), std::string::npos) << sql << ": " << steps;
  EXPECT_EQ(steps.find("B-TREE"), std::string::npos) << sql << ": " << steps;
}

/// Lists must cost the same at ten million rows as at ten thousand: each one walks an index in the
/// order it needs.
TEST(SqliteSchema, AnswersEveryListFromAnIndexWithoutSorting) {
  auto database = migrated();
  const char* of_user_by_state =
      "SELECT * FROM links WHERE id > 5 AND user_id = 3 AND +enabled = 0 ORDER BY id LIMIT 10";
  const char* of_link =
      "SELECT * FROM events WHERE id > 5 AND link_id = (SELECT id FROM links WHERE id = 3) ORDER "
      "BY id";
  const char* of_user_by_type =
      "SELECT * FROM events WHERE id > 5 AND user_id = 3 AND +type = 'x' ORDER BY id LIMIT 10";
  for (const char* sql :
       {"SELECT * FROM users WHERE id > 5 ORDER BY id LIMIT 10",
        "SELECT * FROM links WHERE id > 5 AND user_id = 3 ORDER BY id LIMIT 10",
        "SELECT * FROM links WHERE id > 5 AND enabled = 0 ORDER BY id LIMIT 10",
        of_user_by_state,
        of_link,
        of_user_by_type,
        "SELECT * FROM events WHERE id > 5 AND type = 'x' ORDER BY id LIMIT 10",
        "SELECT 1 FROM links WHERE code >= 'a' AND code < 'b'",
        "SELECT 1 FROM audit WHERE entity = 'user' AND entity_id = 3 AND action = 'delete'"}) {
    expect_search(database, sql);
  }
  EXPECT_NE(plan(database, of_user_by_state).find("links_by_user"), std::string::npos);
  EXPECT_NE(plan(database, of_user_by_type).find("events_by_user"), std::string::npos);
}

}  // namespace
}  // namespace ginnel::storage
