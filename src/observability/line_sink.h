// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include <spdlog/sinks/sink.h>

namespace ginnel::observability {

/// Writes each message as a line to a file descriptor, waiting while its reader is slow, but not
/// longer than it is told once the process ends: a reader that is stuck must not keep it alive.
///
/// `log` is called by one thread at a time, `end_by` by any.
class LineSink final : public spdlog::sinks::sink {
 public:
  using Clock = std::chrono::steady_clock;

  /// `descriptor` stays open as long as this lives, and is not closed.
  explicit LineSink(int descriptor) : descriptor_(descriptor) {}

  /// From `deadline` on nothing is waited for: what cannot be written at once is lost.
  void end_by(Clock::time_point deadline) noexcept { deadline_ = deadline.time_since_epoch(); }

  void log(const spdlog::details::log_msg& message) override;
  void flush() override {}
  void set_pattern(const std::string&) override {}
  void set_formatter(std::unique_ptr<spdlog::formatter>) override {}

 private:
  bool wait_until_writable() const;
  void write(std::string_view text) const;

  int descriptor_;
  std::string line_;
  std::atomic<Clock::duration> deadline_{Clock::duration::max()};
};

}  // namespace ginnel::observability
