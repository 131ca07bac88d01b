// SPDX-License-Identifier: MIT
#include "storage/postgres/engine/pool.h"

#include <chrono>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "storage/postgres/engine/server_fixture.h"

namespace ginnel::storage::postgres {
namespace {

using namespace std::chrono_literals;
using Lease = Pool::Lease;

class PostgresPoolTest : public ServerTest {
 protected:
  Pool pool_of(PoolOptions options) {
    return Pool(loop_.get_executor(), thread_, std::move(options));
  }

  Pool pool_of(std::size_t size) { return pool_of(PoolOptions{options(), size}); }

  Result<Lease> take(Pool& pool, std::chrono::milliseconds limit = 10s) {
    return run_blocking_task(loop_, pool.take(in(limit)));
  }

  static Task<void> refusal_of(Task<Result<Lease>> taking, std::optional<Error>& into) {
    auto lease = co_await std::move(taking);
    into = lease ? std::nullopt : std::optional(lease.error());
  }

  int backend(Pool& pool) { return (*take(pool))->backend(); }

  Answer run(const Lease& lease, const char* sql, std::chrono::milliseconds limit = 5s) {
    return ask(*lease.operator->(), {Query(sql)}, limit);
  }
};

TEST_F(PostgresPoolTest, MakesAConnectionOnceAndLendsItAgain) {
  Pool pool = pool_of(3);
  const int first = backend(pool);
  EXPECT_EQ(backend(pool), first);
  EXPECT_EQ(pool.figures().open, 1U);
  EXPECT_EQ(pool.figures().in_use, 0U);
}

TEST_F(PostgresPoolTest, ServesWhoWaitsInOrderWithNoMoreThanItsSize) {
  Pool pool = pool_of(3);
  constexpr int kCallers = 200;
  struct Served {
    std::vector<int> callers;
    std::size_t most = 0;
  } served;
  for (int caller = 0; caller < kCallers; ++caller) {
    auto use = [](Pool& from, Served& all, int mine, Deadline until) -> Task<void> {
      auto taking = from.take(until);
      auto lease = co_await std::move(taking);
      all.most = std::max(all.most, from.figures().in_use);
      std::vector<Query> queries(1, Query("SELECT pg_sleep(0.001)"));
      auto running = (*lease)->run(std::move(queries), until);
      const auto answer = co_await std::move(running);
      all.callers.push_back(answer ? mine : -1);
    };
    start(use(pool, served, caller, in(20s)));
  }
  run_until([&served] { return served.callers.size() == kCallers; });

  ASSERT_EQ(served.callers.size(), std::size_t{kCallers});
  for (int caller = 0; caller < kCallers; ++caller) {
    EXPECT_NEAR(served.callers[static_cast<std::size_t>(caller)], caller, 5);
  }
  EXPECT_EQ(served.most, 3U);
  EXPECT_LE(pool.figures().open, 3U);
  std::printf(
      "%zu callers served by %zu connections\n", served.callers.size(), pool.figures().open);
}

TEST_F(PostgresPoolTest, RefusesWhoWaitsTooLongAndOneTooMany) {
  PoolOptions options{this->options(), 1};
  options.queue_limit = 1;
  Pool pool = pool_of(options);
  const Lease only = take(pool).value();
  std::optional<Error> late;
  start(refusal_of(pool.take(in(30ms)), late));
  run_until([&pool] { return pool.figures().waiting == 1; });
  EXPECT_EQ(take(pool).error().kind, ErrorKind::kUnavailable);  // at once
  run_until([&late] { return late.has_value(); });

  EXPECT_EQ(late->kind, ErrorKind::kUnavailable);
  EXPECT_EQ(pool.figures().waiting, 0U);
  EXPECT_EQ(pool.figures().refused, 2U);
}

TEST_F(PostgresPoolTest, LendsNoneThatIsNotAsItWas) {
  Pool pool = pool_of(2);
  const int first = backend(pool);
  {
    const Lease lease = take(pool).value();
    EXPECT_TRUE(run(lease, "BEGIN"));
  }
  const int second = backend(pool);
  EXPECT_NE(second, first);
  {
    const Lease lease = take(pool).value();
    EXPECT_FALSE(run(lease, "SELECT pg_sleep(0.2)", 1ms));
  }
  const int third = backend(pool);
  EXPECT_NE(third, second);
  end_backend(third);
  run_until([&] { return backend(pool) != third; });
  EXPECT_NE(backend(pool), third);
}

TEST_F(PostgresPoolTest, ReplacesWhatWasNotUsedForLong) {
  PoolOptions options{this->options(), 1};
  options.max_idle = 0s;
  Pool pool = pool_of(options);
  const int first = backend(pool);
  EXPECT_NE(backend(pool), first);
  EXPECT_EQ(pool.figures().open, 1U);
}

TEST_F(PostgresPoolTest, WaitsWhereTheServerTakesNoMore) {
  const auto admin = connection();
  ask(*admin, {Query("DROP ROLE IF EXISTS one_at_a_time")});
  ask(*admin,
      {Query("CREATE ROLE one_at_a_time LOGIN CONNECTION LIMIT 1 PASSWORD '" + password() + "'")});
  PoolOptions options{this->options(), 3};
  options.connect.url = with_parameter("user=one_at_a_time");
  Pool pool = pool_of(options);
  int served = 0;
  for (int caller = 0; caller < 20; ++caller) {
    auto use = [](Pool& from, int& all, Deadline until) -> Task<void> {
      auto taking = from.take(until);
      auto lease = co_await std::move(taking);
      if (!lease) {
        co_return;
      }
      std::vector<Query> queries(1, Query("SELECT 1"));
      auto running = (*lease)->run(std::move(queries), until);
      const auto answer = co_await std::move(running);
      all += answer ? 1 : 0;
    };
    start(use(pool, served, in(10s)));
  }
  run_until([&served] { return served == 20; });
  EXPECT_EQ(served, 20);
  EXPECT_EQ(pool.figures().refused, 0U);
}

TEST_F(PostgresPoolTest, TriesNothingForAWhileWhenNobodyIsThere) {
  PoolOptions options;
  options.connect.url = "postgresql://127.0.0.1:1/none";
  options.first_rest = 1h;
  options.longest_rest = 1h;
  Pool pool = pool_of(options);
  EXPECT_EQ(take(pool).error().kind, ErrorKind::kUnavailable);
  // At once, without asking the loop for anything.
  std::optional<Error> refused;
  start(refusal_of(pool.take(in(10s)), refused));
  loop_.restart();
  loop_.poll();
  EXPECT_TRUE(refused);
  EXPECT_EQ(pool.figures().refused, 2U);
}

}  // namespace
}  // namespace ginnel::storage::postgres
