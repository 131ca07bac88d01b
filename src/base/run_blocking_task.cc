// SPDX-License-Identifier: MIT
#include "base/run_blocking_task.h"

#include <exception>
#include <stdexcept>

namespace ginnel {

void run_to_end(asio::io_context& loop, Task<void> task) {
  bool ended = false;
  std::exception_ptr thrown;
  spawn(loop.get_executor(), std::move(task), [&](std::exception_ptr error) {
    ended = true;
    thrown = std::move(error);
  });
  loop.restart();
  while (!ended && loop.run_one() > 0) {
  }
  if (thrown) {
    std::rethrow_exception(thrown);
  }
  if (!ended) {
    throw std::logic_error("the task was abandoned: its loop ran out of work");
  }
}

}  // namespace ginnel
