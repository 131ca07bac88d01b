// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/result.h"
#include "base/task.h"
#include "storage/change_listener.h"
#include "support/memory_tables.h"

namespace ginnel::support {

/// What the stores in memory share: the rows, their lock, who listens, and how they fail.
class MemoryDatabase final {
 public:
  explicit MemoryDatabase(storage::ChangeListener* listener) : listener_(listener) {}

  /// Makes every call fail with `error` and change nothing, or work again.
  void fail_with(std::optional<Error> error) {
    const std::lock_guard lock(mutex_);
    failure_ = std::move(error);
  }

  /// Runs `work`, which takes the tables and gives a Result, alone with them.
  template <class Work>
  auto run(Work work) -> decltype(work(std::declval<MemoryTables&>())) {
    const std::lock_guard lock(mutex_);
    if (failure_) {
      return *failure_;
    }
    return work(tables_);
  }

  /// Tells the listener, and resumes on the caller's executor once it has forgotten.
  Task<void> announce(std::vector<std::string> codes) {
    if (listener_ == nullptr || codes.empty()) {
      co_return;
    }
    const auto executor = co_await asio::this_coro::executor;
    const auto told =
        std::make_shared<asio::steady_timer>(executor, asio::steady_timer::time_point::max());
    change::Forgotten what;
    for (std::string& code : codes) {
      what.add(std::move(code));
    }
    listener_->forget(std::move(what),
                      [executor, told] { asio::post(executor, [told] { told->cancel(); }); });
    co_await told->async_wait(asio::as_tuple(asio::use_awaitable));
  }

 private:
  std::mutex mutex_;
  MemoryTables tables_;                // under mutex_
  std::optional<Error> failure_;       // under mutex_
  storage::ChangeListener* listener_;  // safe by itself
};

}  // namespace ginnel::support
