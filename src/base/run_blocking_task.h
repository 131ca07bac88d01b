// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <utility>

#include <boost/asio/io_context.hpp>

#include "base/task.h"

namespace ginnel {

/// Runs `task` to its end on `loop`, which nobody else runs. An exception that leaves the task
/// leaves this call; std::logic_error when the loop ran out of work before the task ended.
void run_to_end(asio::io_context& loop, Task<void> task);

/// The same with a task that gives something: for commands and start-up, which have nothing else to
/// do meanwhile. What the task leaves on the loop, a connection that is kept, is there for the
/// next.
template <class T>
T run_blocking_task(asio::io_context& loop, Task<T> task) {
  std::optional<T> result;
  auto keep = [](Task<T> inner, std::optional<T>& into) -> Task<void> {
    into.emplace(co_await std::move(inner));
  };
  run_to_end(loop, keep(std::move(task), result));
  return std::move(*result);
}

/// The same on a loop that is thrown away, once nobody works for it any more: for tests.
template <class T>
T run_blocking_task(Task<T> task) {
  struct OwnLoop {
    ~OwnLoop() { context.run(); }
    asio::io_context context{1};
  } loop;
  return run_blocking_task(loop.context, std::move(task));
}

}  // namespace ginnel
