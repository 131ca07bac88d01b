// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>

namespace ginnel::http {

/// What the connections of a server hold in memory, all together, and how much they may: headers,
/// bodies, and answers that their clients have not taken.
///
/// Each Session tells it of its buffers when their capacity changes, so a request for which they
/// were large enough costs nothing. Shared by the loops, without a lock.
class MemoryBudget final {
 public:
  /// `passed` is called on the loop of a connection that exhausts it, each time one adds to it.
  explicit MemoryBudget(
      std::size_t limit, std::function<void()> passed = [] {})
      : limit_(limit), passed_(std::move(passed)) {}

  /// A connection held `before` bytes and holds `after`.
  void change(std::size_t before, std::size_t after) {
    used_.fetch_add(after - before, std::memory_order_relaxed);  // wraps where it shrinks
    if (after > before && exhausted()) {
      passed_();
    }
  }

  std::size_t used() const noexcept { return used_.load(std::memory_order_relaxed); }
  std::size_t limit() const noexcept { return limit_; }

  /// Whether nothing more may be begun that needs memory for long. A third is left then, for what
  /// is under way, for the connections themselves and for what the allocator needs: up to 60 MiB
  /// with ten thousand clients that read nothing (tests/system/test_client_memory.py, 2026-11-30).
  bool exhausted() const noexcept { return used() >= limit_ - limit_ / 3; }

  /// How far down connections are closed that hold most, once it is exhausted, so that it is not
  /// done for each answer.
  std::size_t relieved() const noexcept { return limit_ / 2; }

  // What became of those for whom there was no room:

  void note_refused() noexcept { refused_.fetch_add(1, std::memory_order_relaxed); }
  void note_closed() noexcept { closed_.fetch_add(1, std::memory_order_relaxed); }

  /// Requests answered 503.
  std::uint64_t refused() const noexcept { return refused_.load(std::memory_order_relaxed); }

  /// Connections closed since their answers held most.
  std::uint64_t closed() const noexcept { return closed_.load(std::memory_order_relaxed); }

 private:
  const std::size_t limit_;
  const std::function<void()> passed_;
  std::atomic<std::size_t> used_{0};
  std::atomic<std::uint64_t> refused_{0};
  std::atomic<std::uint64_t> closed_{0};
};

}  // namespace ginnel::http
