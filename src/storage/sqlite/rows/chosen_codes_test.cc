// SPDX-License-Identifier: MIT
#include "storage/sqlite/rows/chosen_codes.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "storage/sqlite/file/schema_fixture.h"

namespace ginnel::storage::sqlite {
namespace {

TEST(ChosenCodes, OfAnOlderVersionAreThoseThatTheGeneratorCannotHaveMade) {
  auto database = empty_database();
  apply_migrations(database, all_migrations().first(4), {}).value();
  database
      .execute(
          "INSERT INTO users VALUES (1, 'ada', 'a@b.c', 'ada', 'a@b.c', 0, '{}');"
          "INSERT INTO links SELECT column1, 1, column2, '', '', 1, 0, 0, 1 FROM (VALUES"
          " (1, 'abc123'), (2, 'ABC123'), (3, 'a-b_c1'), (4, 'short'), (5, 'x'), (6, 'sevenab'),"
          " (7, 'SpringSale'), (8, '000000'), (9, '_bcdef'), (568002356, 'seven00'),"
          " (568002357, 'seven01'), (568002358, 'twelvetwelve'), (568002359, 'sixsix'))")
      .value();

  apply_migrations(database, all_migrations(), {}).value();

  EXPECT_EQ(first_text(database, "SELECT group_concat(code, ' ') FROM links WHERE chosen = 1"),
            "a-b_c1 short x sevenab SpringSale _bcdef seven00 twelvetwelve");
  EXPECT_EQ(first_text(database, "SELECT group_concat(code, ' ') FROM links WHERE chosen = 0"),
            "abc123 ABC123 000000 seven01 sixsix");
}

/// How SQLite finds what `sql` asks for, a step a line.
std::string plan(Connection& database, const std::string& sql) {
  std::string steps;
  auto rows = database.all("EXPLAIN QUERY PLAN " + sql, [](const Row& row) { return row.text(3); });
  for (const std::string& step : rows.value()) {
    steps += step + "\n";
  }
  return steps;
}

TEST(ChosenCodes, AreFoundByIndexAlone) {
  auto database = migrated_database();
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
  auto database = migrated_database();
  database.execute("INSERT INTO users VALUES (1, 'ada', 'a@b.c', 'ada', 'a@b.c', 0, '{}')").value();
  for (int number = 1; number <= 2'000; ++number) {
    database
        .run("INSERT INTO links VALUES (?, 1, ?, '', '', 1, 0, 0, 1, 0)",
             std::int64_t{number},
             std::to_string(100'000 + number))
        .value();
  }
  EXPECT_EQ(first_text(database,
                       "SELECT count(*) FROM dbstat WHERE name = 'links_by_chosen_code' "
                       "AND pagetype = 'leaf' AND ncell > 0"),
            "0");
}

/// How many statements `database` runs while `work` is at it.
template <class Work>
int statements_of(Connection& database, Work work) {
  int count = 0;
  const auto on_statement = [](unsigned, void* counter, void*, void*) {
    ++*static_cast<int*>(counter);
    return 0;
  };
  sqlite3_trace_v2(database.handle(), SQLITE_TRACE_STMT, on_statement, &count);
  work();
  sqlite3_trace_v2(database.handle(), 0, nullptr, nullptr);
  return count;
}

TEST(ChosenCodes, TakeOneStatementToFindHoweverTheyAreTyped) {
  auto database = migrated_database();
  database.execute("INSERT INTO users VALUES (1, 'ada', 'a@b.c', 'ada', 'a@b.c', 0, '{}')").value();
  database
      .execute(
          "INSERT INTO links VALUES (1, 1, 'Summer', 'https://example.com', '', 1, 0, 0, 1, 1),"
          "(2, 1, '-_-', 'https://example.com', '', 1, 0, 0, 1, 1)")
      .value();
  for (const auto& [code, is_there] :
       std::vector<std::pair<const char*, bool>>{{"Summer", true},
                                                 {"sUMMER", true},
                                                 {"summer-_-", true},
                                                 {"_-sUMMER_-", true},
                                                 {"__-_--", true},
                                                 {"Winter", false},
                                                 {"absent", false},
                                                 {"-winter__", false},
                                                 {"a", false},
                                                 {"----------------_winter----------", false},
                                                 {"--------------------------------", false},
                                                 {"_", false}}) {
    EXPECT_EQ(statements_of(database,
                            [&, code = code, is_there = is_there] {
                              const auto found = find_typed_link(database, code);
                              ASSERT_TRUE(found);
                              EXPECT_EQ(found->has_value(), is_there) << code;
                            }),
              1)
        << code;
  }
}

}  // namespace
}  // namespace ginnel::storage::sqlite
