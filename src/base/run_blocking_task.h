// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <utility>

#include "base/task.h"

namespace ginnel {

/// Runs `task` to its end on a loop of its own. An exception that leaves the task leaves this call;
/// std::logic_error when the loop ran out of work before the task ended.
void run_to_end(Task<void> task);

/// The same with a task that gives something: for commands, start-up and tests, which have nothing
/// else to do meanwhile.
template <class T>
T run_blocking_task(Task<T> task) {
  std::optional<T> result;
  auto keep = [](Task<T> inner, std::optional<T>& into) -> Task<void> {
    into.emplace(co_await std::move(inner));
  };
  run_to_end(keep(std::move(task), result));
  return std::move(*result);
}

}  // namespace ginnel
