// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <ostream>
#include <string>

namespace ginnel::cli {

/// One line on a terminal that shows how far a file is read and how fast. Drawn at most ten times
/// a second, from one thread at a time. Says nothing when `out` is no terminal.
class ProgressBar final {
 public:
  using Clock = std::chrono::steady_clock;

  /// `out` must outlive this; `total_bytes` is the size of the whole.
  ProgressBar(std::ostream& out, bool is_terminal, std::uint64_t total_bytes);
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// Wipes the line.
  ~ProgressBar();

  void show(std::uint64_t bytes, std::uint64_t rows, Clock::time_point now = Clock::now());

  /// The text of the line: `[#####---------------]  25 %  250000 rows  400000 rows/s`.
  std::string line(std::uint64_t bytes, std::uint64_t rows, Clock::duration elapsed) const;

 private:
  std::ostream& out_;
  bool is_terminal_;
  bool drawn_ = false;
  std::uint64_t total_bytes_;
  Clock::time_point started_ = Clock::now();
  Clock::time_point last_;
};

}  // namespace ginnel::cli
