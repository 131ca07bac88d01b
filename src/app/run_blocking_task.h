// SPDX-License-Identifier: MIT
#pragma once

#include <exception>
#include <optional>
#include <utility>

#include <boost/asio/io_context.hpp>

#include "base/result.h"
#include "base/task.h"

namespace ginnel::app {

/// Runs a task to its end on a loop of its own: for commands and start-up, which have nothing else
/// to do meanwhile. An exception of the task leaves this call.
template <class T>
Result<T> run_blocking_task(Task<Result<T>> task) {
  asio::io_context loop(1);
  Result<T> result;
  std::exception_ptr thrown;
  auto keep = [](Task<Result<T>> inner, Result<T>& into) -> Task<void> {
    into = co_await std::move(inner);
  };
  spawn(loop.get_executor(), keep(std::move(task), result), [&thrown](std::exception_ptr error) {
    thrown = std::move(error);
  });
  loop.run();
  if (thrown) {
    std::rethrow_exception(thrown);
  }
  return result;
}

}  // namespace ginnel::app
