// SPDX-License-Identifier: MIT
#include "storage/sqlite/chosen_codes.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "storage/sqlite/sqlite_schema.h"

namespace ginnel::storage {
namespace {

SqliteConnection empty() {
  return std::move(*SqliteConnection::open({}, SqliteConnection::Mode::kMemory));
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

TEST(ChosenCodes, OfAnOlderVersionAreThoseThatTheGeneratorCannotHaveMade) {
  auto database = empty();
  apply_migrations(database, sqlite_migrations().first(4), {}).value();
  database
      .execute(
          "INSERT INTO users VALUES (1, 'ada', 'a@b.c', 'ada', 'a@b.c', 0, '{}');"
          "INSERT INTO links SELECT column1, 1, column2, '', '', 1, 0, 0, 1 FROM (VALUES"
          " (1, 'abc123'), (2, 'ABC123'), (3, 'a-b_c1'), (4, 'short'), (5, 'x'), (6, 'sevenab'),"
          " (7, 'SpringSale'), (8, '000000'), (9, '_bcdef'), (568002356, 'seven00'),"
          " (568002357, 'seven01'), (568002358, 'twelvetwelve'), (568002359, 'sixsix'))")
      .value();

  apply_migrations(database, sqlite_migrations(), {}).value();

  EXPECT_EQ(text(database, "SELECT group_concat(code, ' ') FROM links WHERE chosen = 1"),
            "a-b_c1 short x sevenab SpringSale _bcdef seven00 twelvetwelve");
  EXPECT_EQ(text(database, "SELECT group_concat(code, ' ') FROM links WHERE chosen = 0"),
            "abc123 ABC123 000000 seven01 sixsix");
}

/// How SQLite finds what `sql` asks for, a step a line.
std::string plan(SqliteConnection& database, const std::string& sql) {
  std::string steps;
  auto rows =
      database.all("EXPLAIN QUERY PLAN " + sql, [](const SqliteRow& row) { return row.text(3); });
  for (const std::string& step : rows.value()) {
    steps += step + "\n";
  }
  return steps;
}

TEST(ChosenCodes, AreFoundByIndexAlone) {
  auto database = migrated();
  for (const std::string& sql : {typed_statement(), shortened_statement()}) {
    const std::string steps = plan(database, sql);
    EXPECT_EQ(steps.find("SCAN links"), steps.npos) << steps;
    EXPECT_EQ(steps.find("SCAN twin"), steps.npos) << steps;
    EXPECT_NE(steps.find("links USING INDEX links_by_code (code=?)"), steps.npos) << steps;
    EXPECT_NE(steps.find("links USING INDEX links_by_chosen_code (code=?)"), steps.npos) << steps;
    EXPECT_NE(steps.find("twin USING "), steps.npos) << steps;
  }
}

TEST(ChosenCodes, CostRandomOnesNothing) {
  auto database = migrated();
  database.execute("INSERT INTO users VALUES (1, 'ada', 'a@b.c', 'ada', 'a@b.c', 0, '{}')").value();
  for (int number = 1; number <= 2'000; ++number) {
    database
        .run("INSERT INTO links VALUES (?, 1, ?, '', '', 1, 0, 0, 1, 0)",
             std::int64_t{number},
             std::to_string(100'000 + number))
        .value();
  }
  EXPECT_EQ(text(database,
                 "SELECT count(*) FROM dbstat WHERE name = 'links_by_chosen_code' "
                 "AND pagetype = 'leaf' AND ncell > 0"),
            "0");
}

}  // namespace
}  // namespace ginnel::storage
