// SPDX-License-Identifier: MIT
#include "base/run_blocking_task.h"

#include <stdexcept>
#include <string>

#include <boost/asio/steady_timer.hpp>
#include <gtest/gtest.h>

namespace ginnel {
namespace {

Task<std::string> after_a_turn(std::string text) {
  asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::milliseconds(0));
  co_await timer.async_wait(asio::use_awaitable);
  co_return text;
}

Task<int> throwing() {
  throw std::runtime_error("as told");
  co_return 1;
}

TEST(RunBlockingTask, GivesWhatTheTaskGave) {
  EXPECT_EQ(run_blocking_task(after_a_turn("text")), "text");
}

TEST(RunBlockingTask, LeavesOnItsLoopWhatTheNextOneFinds) {
  asio::io_context loop(1);
  asio::steady_timer kept(loop, std::chrono::steady_clock::time_point::max());
  bool ended = false;
  kept.async_wait([&ended](const boost::system::error_code&) { ended = true; });
  EXPECT_EQ(run_blocking_task(loop, after_a_turn("one")), "one")
      << "it does not wait for the timer";
  EXPECT_FALSE(ended);
  kept.cancel();
  EXPECT_EQ(run_blocking_task(loop, after_a_turn("two")), "two");
  EXPECT_TRUE(ended);
}

TEST(RunBlockingTask, PassesExceptionsOn) {
  EXPECT_THROW(run_blocking_task(throwing()), std::runtime_error);
}

}  // namespace
}  // namespace ginnel
