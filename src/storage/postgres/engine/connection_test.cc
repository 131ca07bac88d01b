// SPDX-License-Identifier: MIT
#include "storage/postgres/engine/connection.h"

#include <chrono>
#include <cstdio>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "storage/postgres/engine/server_fixture.h"

namespace ginnel::storage::postgres {
namespace {

using namespace std::chrono_literals;
using PostgresConnectionTest = ServerTest;

TEST_F(PostgresConnectionTest, GivesBackWhatItWasGiven) {
  const auto database = connection();
  const std::string text = "a'b\"\\ \xf0\x9f\x98\x80\n";
  const std::string bytes("\0\x01\xff'", 4);
  for (const std::int64_t value : {std::numeric_limits<std::int64_t>::min(),
                                   std::int64_t{-1},
                                   std::int64_t{0},
                                   std::numeric_limits<std::int64_t>::max()}) {
    const auto answer = ask(*database,
                            {Query("SELECT $1, $2, $3, $4, 7::int4, (-7)::int2, $5",
                                   value,
                                   text,
                                   Bytes{bytes},
                                   std::optional<std::int64_t>(),
                                   "")});

    ASSERT_TRUE(answer) << answer.fault->error.detail;
    const Row row = answer.rows.at(0)[0];
    EXPECT_EQ(row.integer(0), value);
    EXPECT_EQ(row.text(1), text);
    EXPECT_EQ(row.bytes(2), bytes);
    EXPECT_EQ(row.optional_integer(3), std::nullopt);
    EXPECT_EQ(row.integer(4), 7);
    EXPECT_EQ(row.integer(5), -7);
    EXPECT_EQ(row.text(6), "");
  }
  EXPECT_EQ(number(*database,
                   "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE "
                   "'SELECT $1%'"),
            1);
}

TEST_F(PostgresConnectionTest, DoesAllOfABatchOrNothing) {
  const auto database = connection();
  ask(*database, {Query("CREATE TEMP TABLE t (id int8 CONSTRAINT only_once PRIMARY KEY)")});

  const auto broken = ask(*database,
                          {Query("INSERT INTO t VALUES ($1)", std::int64_t{1}),
                           Query("INSERT INTO t VALUES ($1)", std::int64_t{1}),
                           Query("SELECT 'never run before'")});

  ASSERT_TRUE(broken.fault);
  EXPECT_EQ(broken.fault->error.kind, ErrorKind::kConflict);
  EXPECT_EQ(broken.fault->state, "23505");
  EXPECT_EQ(broken.fault->constraint, "only_once");
  EXPECT_EQ(broken.rows.size(), 1U);
  EXPECT_EQ(number(*database, "SELECT count(*) FROM t"), 0);
  // What was not prepared behind the fault is prepared now.
  EXPECT_TRUE(ask(*database, {Query("SELECT 'never run before'")}));
  const auto whole = ask(*database,
                         {Query("INSERT INTO t VALUES ($1)", std::int64_t{1}),
                          Query("INSERT INTO t VALUES ($1), (3)", std::int64_t{2})});
  EXPECT_TRUE(whole);
  EXPECT_EQ(whole.rows.at(1).changed(), 2);
}

TEST_F(PostgresConnectionTest, AnswersManyWhoAskAtOnceEachItsOwn) {
  const auto database = connection();
  constexpr int kCallers = 2'000;
  int right = 0;
  for (std::int64_t caller = 0; caller < kCallers; ++caller) {
    auto one = [](ConnectionPointer of, std::int64_t mine, int& count) -> Task<void> {
      std::vector<Query> queries;
      queries.emplace_back("SELECT $1 * 2", mine);
      auto running = of->run(std::move(queries), std::chrono::steady_clock::now() + 20s);
      const auto answer = co_await std::move(running);
      count += answer && answer.rows.at(0)[0].integer(0) == mine * 2 ? 1 : 0;
    };
    start(one(database, caller, right));
  }
  run_until([&right] { return right == kCallers; });
  EXPECT_EQ(right, kCallers);
  std::printf("%d of %d answers right\n", right, kCallers);
}

TEST_F(PostgresConnectionTest, SendsWhatIsLargerThanASocketTakes) {
  const auto database = connection();
  const std::string large(std::size_t{2} << 20, 'x');
  std::vector<Query> queries(3, Query("SELECT length($1), $2", large, large));
  const auto answer = ask(*database, std::move(queries), 30s);
  ASSERT_TRUE(answer) << answer.fault->error.detail;
  EXPECT_EQ(answer.rows.at(2)[0].integer(0), std::ssize(large));
  EXPECT_EQ(answer.rows.at(2)[0].bytes(1), large);
}

TEST_F(PostgresConnectionTest, StopsWaitingAtTheDeadlineAndGoesOn) {
  const auto database = connection();
  const auto late = ask(*database, {Query("SELECT pg_sleep(0.3)")}, 50ms);
  ASSERT_TRUE(late.fault);
  EXPECT_EQ(late.fault->error.kind, ErrorKind::kTimeout);
  EXPECT_FALSE(database->end());
  EXPECT_EQ(number(*database, "SELECT 5"), 5);  // behind the sleep
}

TEST_F(PostgresConnectionTest, HasTheServerEndWhatTakesTooLong) {
  ConnectOptions short_limit = options();
  short_limit.statement_limit = 50ms;
  kept_.push_back(open(short_limit).value());
  const auto late = ask(*kept_.back(), {Query("SELECT pg_sleep(10)")});
  ASSERT_TRUE(late.fault);
  EXPECT_EQ(late.fault->error.kind, ErrorKind::kTimeout);
  EXPECT_EQ(late.fault->state, "57014");
}

TEST_F(PostgresConnectionTest, TellsEverybodyWhenTheServerEndsIt) {
  const auto victim = connection();
  std::vector<Answer> answers;
  for (int i = 0; i < 3; ++i) {
    auto one = [](ConnectionPointer of, std::vector<Answer>& into) -> Task<void> {
      std::vector<Query> queries;
      queries.emplace_back("SELECT pg_sleep(5)");
      auto running = of->run(std::move(queries), std::chrono::steady_clock::now() + 20s);
      into.push_back(co_await std::move(running));
    };
    start(one(victim, answers));
  }
  end_backend(victim->backend());
  run_until([&answers] { return answers.size() == 3; });
  ASSERT_EQ(answers.size(), 3U);
  for (const Answer& answer : answers) {
    EXPECT_EQ(answer.fault->error.kind, ErrorKind::kUnavailable) << answer.fault->error.detail;
  }
  EXPECT_TRUE(victim->end());
  EXPECT_EQ(ask(*victim, {Query("SELECT 1")}).fault->error.kind, ErrorKind::kUnavailable);
}

TEST_F(PostgresConnectionTest, NoticesWhileIdleThatTheServerEndsIt) {
  const auto victim = connection();
  end_backend(victim->backend());
  run_until([&victim] { return victim->end().has_value(); });
  EXPECT_TRUE(victim->end());
}

TEST_F(PostgresConnectionTest, KeepsABoundedNumberOfStatements) {
  const auto database = connection();
  int right = 0;
  for (int i = 0; i < 600; ++i) {
    right += number(*database, "SELECT 1 + " + std::to_string(i)) == i + 1 ? 1 : 0;
  }
  EXPECT_EQ(right, 600);
  EXPECT_LE(number(*database, "SELECT count(*) FROM pg_prepared_statements"), 500);
}

TEST_F(PostgresConnectionTest, CommitsToTheDiskWhateverTheServerSays) {
  ConnectOptions careless = options();
  careless.url = with_parameter("options=-csynchronous_commit%3Doff");
  kept_.push_back(open(careless).value());
  EXPECT_EQ(ask(*kept_.back(), {Query("SELECT current_setting('synchronous_commit')")})
                .rows.at(0)[0]
                .text(0),
            "on");
}

TEST_F(PostgresConnectionTest, SaysWhyThereIsNone) {
  const auto error = [this](const std::string& url) { return open({url}).error(); };
  EXPECT_EQ(error("postgresql://127.0.0.1:1/none").kind, ErrorKind::kUnavailable);
  EXPECT_EQ(error("postgresql://[::1/none").kind, ErrorKind::kInvalid);
  EXPECT_EQ(error("postgresql://127.0.0.1/none?no_such=1").kind, ErrorKind::kInvalid);
  for (const char* const url : {"postgresql://postgres:secret@127.0.0.1:1/none",
                                "postgresql://postgres:secret@[::1/none",
                                "postgresql://postgres:secret@127.0.0.1/none?no_such=1"}) {
    const Error refused = error(url);
    EXPECT_EQ((refused.message + refused.detail).find("secret"), std::string::npos)
        << refused.message << ' ' << refused.detail;
  }
}

}  // namespace
}  // namespace ginnel::storage::postgres
