// SPDX-License-Identifier: MIT
#pragma once

#include <utility>

#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace ginnel {

namespace asio = boost::asio;

/// A coroutine that gives a `T`. Nothing runs until it is awaited or spawned.
template <class T>
using Task = asio::awaitable<T>;

/// What makes a coroutine go on at once, as if it had waited. Not Asio's way to end an operation:
/// nothing of this one is touched afterwards.
struct GoOnAtOnce {
  template <class Handler>
  void operator()(Handler&& handler) const {
    auto own = std::forward<Handler>(handler);
    std::move(own)();
  }
};

/// co_spawn posts the end of what has not waited, with memory it takes where std::bad_alloc ends
/// the process. So all has waited.
inline Task<void> having_waited(Task<void> task) {
  auto wait = asio::async_initiate<const asio::use_awaitable_t<>, void()>(GoOnAtOnce(),
                                                                          asio::use_awaitable);
  co_await std::move(wait);
  co_await std::move(task);
}

/// Starts `task` on `executor`; `done` is called there when it ended, with the exception or null.
///
/// The one door to co_spawn. What is spawned owns everything it touches, and its result is void:
/// Asio 1.81 needs a default-constructible one. `done` decides what an exception means; it is a
/// defect wherever it comes from. When `task` never waits, `done` may be called before this
/// returns. Throws std::bad_alloc when there is no memory to start it; `done` is not called then.
template <class Executor, class OnDone>
void spawn(const Executor& executor, Task<void> task, OnDone done) {
  asio::co_spawn(executor, having_waited(std::move(task)), std::move(done));
}

}  // namespace ginnel
