// SPDX-License-Identifier: MIT
#pragma once

#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace ginnel {

namespace asio = boost::asio;

/// A coroutine that gives a `T`. Nothing runs until it is awaited or spawned.
template <class T>
using Task = asio::awaitable<T>;

/// Starts `task` on `executor`; `done` is called there when it ended, with the exception or null.
///
/// The one door to co_spawn. What is spawned owns everything it touches, and its result is void:
/// Asio 1.81 needs a default-constructible one. `done` decides what an exception means; it is a
/// defect wherever it comes from.
template <class Executor, class OnDone>
void spawn(const Executor& executor, Task<void> task, OnDone done) {
  asio::co_spawn(executor, std::move(task), std::move(done));
}

}  // namespace ginnel
