// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <utility>
#include <vector>

#include "http/loop.h"

namespace ginnel::app {

/// Tells whether visitors want everything that the loops can give, so that what may wait gives way.
/// Used by one thread.
class LoopLoad final {
 public:
  /// `loops` must outlive it.
  explicit LoopLoad(std::vector<const http::Loop*> loops) : loops_(std::move(loops)) {}

  /// Whether the loops had work for nine tenths of the time since the last look: computed, or
  /// waited for a core to compute on. Sooner than 20 ms after it, its answer is given again.
  bool busy();

 private:
  std::vector<const http::Loop*> loops_;
  std::chrono::steady_clock::time_point looked_;
  std::chrono::nanoseconds used_{0};  ///< by all loops, at that time
  bool busy_ = false;
};

}  // namespace ginnel::app
