// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <functional>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "base/operation_memory.h"

namespace ginnel {

/// Work that a loop does in a turn of its own, after it was asked for. Asking needs no memory, so
/// what is kept for later cannot be left undone for want of it.
class LaterWork final {
 public:
  /// `loop` must outlive this, and this what is asked for.
  LaterWork(asio::io_context& loop, std::function<void()> work)
      : loop_(loop), work_(std::move(work)) {}

  /// Asked for again before it began, it is done once. From any thread.
  void ask() noexcept {
    if (!asked_.exchange(true, std::memory_order_acq_rel)) {
      asio::post(loop_.get_executor(), memory_.bind([this] {
        asked_.store(false, std::memory_order_release);
        work_();
      }));
    }
  }

 private:
  asio::io_context& loop_;
  const std::function<void()> work_;
  OperationMemory memory_;
  std::atomic<bool> asked_{false};
};

}  // namespace ginnel
