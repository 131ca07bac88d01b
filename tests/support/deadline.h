// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/result.h"
#include "base/task.h"

namespace ginnel::support {

/// Runs `work` for at most `limit`, then cancels it and gives kTimeout: a caller that leaves.
///
/// `work` must honour cancellation (it is waited for) and must not throw: Asio's `||` waits for the
/// first task that *succeeds*, so a task that throws would be reported as a timeout, and only once
/// the timer ran out (chriskohlhoff/asio#900).
template <class T>
Task<Result<T>> with_deadline(std::chrono::milliseconds limit, Task<Result<T>> work) {
  using namespace asio::experimental::awaitable_operators;  // NOLINT: operator|| lives there
  asio::steady_timer timer(co_await asio::this_coro::executor, limit);
  auto race = std::move(work) || timer.async_wait(asio::as_tuple(asio::use_awaitable));
  auto winner = co_await std::move(race);
  if (winner.index() == 1) {
    co_return Error(ErrorKind::kTimeout, "this took too long");
  }
  co_return std::get<0>(std::move(winner));
}

}  // namespace ginnel::support
