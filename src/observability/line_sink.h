// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <spdlog/sinks/sink.h>

namespace ginnel::observability {

/// Writes each message as a line to a file descriptor, waiting while its reader is slow, but not
/// longer than it is told once the process ends: a reader that is stuck must not keep it alive.
///
/// It knows what waits to be written, since every line is admitted before it is queued. `log` is
/// called by one thread at a time, the rest by any.
class LineSink final : public spdlog::sinks::sink {
 public:
  using Clock = std::chrono::steady_clock;

  /// What may wait: the line that is being written is still among it.
  struct Room {
    std::int64_t lines = 8'192;
    std::int64_t bytes = std::int64_t{4} << 20;
  };

  /// `descriptor` stays open as long as this lives, and is not closed.
  explicit LineSink(int descriptor, Room room) : descriptor_(descriptor), room_(room) {}

  /// Takes room for a line until `log` has written it; false, and counted, when there is none.
  bool admit(std::size_t bytes) noexcept;

  /// Counts a line that could not be made.
  void note_dropped() noexcept { dropped_.fetch_add(1, std::memory_order_relaxed); }

  /// Lines that there was no room for, here or in memory.
  std::uint64_t dropped() const noexcept { return dropped_.load(std::memory_order_relaxed); }

  /// From `deadline` on nothing is waited for: what cannot be written at once is lost.
  void end_by(Clock::time_point deadline) noexcept { deadline_ = deadline.time_since_epoch(); }

  void log(const spdlog::details::log_msg& message) override;
  void flush() override {}
  void set_pattern(const std::string&) override {}
  void set_formatter(std::unique_ptr<spdlog::formatter>) override {}

 private:
  bool wait_until_writable() const;
  void write(std::string_view text) const;
  void let_go(std::size_t bytes) noexcept;

  int descriptor_;
  Room room_;
  std::string line_;
  std::atomic<std::int64_t> lines_{0};
  std::atomic<std::int64_t> bytes_{0};
  std::atomic<std::uint64_t> dropped_{0};
  std::atomic<Clock::duration> deadline_{Clock::duration::max()};
};

}  // namespace ginnel::observability
