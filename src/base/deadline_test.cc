// SPDX-License-Identifier: MIT
#include "base/deadline.h"

#include <chrono>

#include <gtest/gtest.h>

#include "base/run_blocking_task.h"

namespace ginnel {
namespace {

using namespace std::chrono_literals;

Task<Result<int>> answers_at_once() {
  co_return 7;
}

Task<Result<int>> fails_at_once() {
  co_return Error(ErrorKind::kUnavailable, "away");
}

Task<Result<int>> never_answers() {
  asio::steady_timer timer(co_await asio::this_coro::executor,
                           asio::steady_timer::time_point::max());
  co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
  co_return 1;
}

TEST(Deadline, GivesTheValueOfWorkThatIsInTime) {
  EXPECT_EQ(*run_blocking_task(with_deadline(1h, answers_at_once())), 7);
}

TEST(Deadline, LetsAnErrorThroughAtOnce) {
  const auto result = run_blocking_task(with_deadline(1h, fails_at_once()));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kUnavailable);
}

TEST(Deadline, EndsWorkThatIsTooSlow) {
  const auto result = run_blocking_task(with_deadline(1ms, never_answers()));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kTimeout);
}

}  // namespace
}  // namespace ginnel
