// SPDX-License-Identifier: MIT
#pragma once

#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

#include <boost/asio/io_context.hpp>

#include "base/task.h"

namespace ginnel::support {

/// Runs one coroutine to its end on a loop of its own and gives what it gave.
/// An exception that leaves the coroutine leaves this call.
template <class T>
T run_task(Task<T> task) {
  asio::io_context loop(1);
  std::optional<T> result;
  std::exception_ptr thrown;
  auto keep = [](Task<T> inner, std::optional<T>& into) -> Task<void> {
    into.emplace(co_await std::move(inner));
  };
  spawn(loop.get_executor(), keep(std::move(task), result), [&thrown](std::exception_ptr error) {
    thrown = std::move(error);
  });
  loop.run();
  if (thrown) {
    std::rethrow_exception(thrown);
  }
  if (!result) {
    throw std::logic_error("the task was abandoned: its loop ran out of work");
  }
  return std::move(*result);
}

}  // namespace ginnel::support
