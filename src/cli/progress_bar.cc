// SPDX-License-Identifier: MIT
#include "cli/progress_bar.h"

#include <algorithm>
#include <cstddef>

#include <fmt/format.h>

namespace ginnel::cli {
namespace {

constexpr std::chrono::milliseconds kBetweenDrawings{100};
constexpr std::size_t kWidth = 20;
constexpr const char* kWipe = "\r\x1b[K";  // ECMA-48: to the line's begin, erase to its end

}  // namespace

ProgressBar::ProgressBar(std::ostream& out, bool is_terminal, std::uint64_t total_bytes)
    : out_(out), is_terminal_(is_terminal), total_bytes_(total_bytes) {}

ProgressBar::~ProgressBar() {
  if (drawn_) {
    out_ << kWipe << std::flush;
  }
}

void ProgressBar::show(std::uint64_t bytes, std::uint64_t rows, Clock::time_point now) {
  if (!is_terminal_ || (drawn_ && now - last_ < kBetweenDrawings)) {
    return;
  }
  drawn_ = true;
  last_ = now;
  out_ << kWipe << line(bytes, rows, now - started_) << std::flush;
}

std::string ProgressBar::line(std::uint64_t bytes,
                              std::uint64_t rows,
                              Clock::duration elapsed) const {
  const double share =
      total_bytes_ == 0
          ? 1.0
          : std::min(1.0, static_cast<double>(bytes) / static_cast<double>(total_bytes_));
  const double seconds = std::max(0.001, std::chrono::duration<double>(elapsed).count());
  const auto full = static_cast<std::size_t>(share * static_cast<double>(kWidth));
  return fmt::format("[{}{}] {:3.0f} %  {} rows  {:.0f} rows/s",
                     std::string(full, '#'),
                     std::string(kWidth - full, '-'),
                     share * 100,
                     rows,
                     static_cast<double>(rows) / seconds);
}

}  // namespace ginnel::cli
