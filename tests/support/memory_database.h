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

  /// As `run` with what changes links; then the listener is told, and the caller resumes on its
  /// executor once that has forgotten.
  template <class Work>
  auto change(Work work) -> Task<decltype(work(std::declval<MemoryTables&>()))> {
    change::Forgotten what;
    storage::Position position;
    auto result = run([&](MemoryTables& tables) {
      auto done = work(tables);
      what = std::exchange(tables.forgotten, {});
      position = what.is_nothing() ? tables.position : storage::Position{++tables.position.value};
      return done;
    });
    if (listener_ != nullptr && !what.is_nothing()) {
      const auto executor = co_await asio::this_coro::executor;
      const auto told =
          std::make_shared<asio::steady_timer>(executor, asio::steady_timer::time_point::max());
      listener_->forget(std::move(what), position, [executor, told] {
        asio::post(executor, [told] { told->cancel(); });
      });
      co_await told->async_wait(asio::as_tuple(asio::use_awaitable));
    }
    co_return result;
  }

 private:
  std::mutex mutex_;
  MemoryTables tables_;                // under mutex_
  std::optional<Error> failure_;       // under mutex_
  storage::ChangeListener* listener_;  // safe by itself
};

}  // namespace ginnel::support
