// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include <boost/asio/io_context.hpp>

#include "base/run_blocking_task.h"
#include "storage/backend.h"

namespace ginnel::cli {

/// For processes that change the database and serve nobody: they have nothing to forget.
class NothingCached final : public storage::ChangeListener {
 public:
  void forget(change::Forgotten, storage::Position, std::function<void()> then) override { then(); }
};

/// The stores of a command, which waits for each call and has nothing else to do meanwhile.
///
///     CommandStores stores;
///     if (auto opened = stores.open(settings.store); !opened) { ... }
///     const auto links = stores.wait_for(stores->links().count({}));
class CommandStores final {
 public:
  /// Fails as Backend::open_stores.
  Result<Done> open(const storage::StoreOptions& options) {
    auto opened = storage::backend_of(options).open_stores(
        options, nothing_cached_, {loop_.get_executor()}, nullptr);
    if (!opened) {
      return std::move(opened).error();
    }
    stores_ = std::move(*opened);
    return Done();
  }

  storage::Stores* operator->() noexcept { return stores_.get(); }
  storage::Stores& operator*() noexcept { return *stores_; }

  /// Where whatever is waited for runs.
  asio::io_context& loop() noexcept { return loop_; }

  template <class T>
  T wait_for(Task<T> task) {
    return run_blocking_task(loop_, std::move(task));
  }

 private:
  asio::io_context loop_{1};
  NothingCached nothing_cached_;
  std::unique_ptr<storage::Stores> stores_;
};

}  // namespace ginnel::cli
