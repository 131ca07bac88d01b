// SPDX-License-Identifier: MIT
#include "app/loop_load.h"

#include <cstdint>
#include <fstream>
#include <string>

namespace ginnel::app {
namespace {

using namespace std::chrono_literals;

constexpr auto kShortestLook = 20ms;
constexpr double kBusyShare = 0.9;

/// What a thread has computed so far, and waited for a core to compute on: what was not idle. The
/// first two numbers of its schedstat (Linux, Documentation/scheduler/sched-stats.rst); 0 where the
/// kernel does not keep it.
std::chrono::nanoseconds wanted_by(pid_t thread) {
  std::ifstream file("/proc/self/task/" + std::to_string(thread) + "/schedstat");
  std::int64_t computed = 0;
  std::int64_t waited = 0;
  file >> computed >> waited;
  return std::chrono::nanoseconds(file ? computed + waited : 0);
}

}  // namespace

bool LoopLoad::busy() {
  const auto now = std::chrono::steady_clock::now();
  const auto passed = now - looked_;
  if (loops_.empty() || passed < kShortestLook) {
    return busy_;
  }
  std::chrono::nanoseconds used{0};
  for (const http::Loop* const loop : loops_) {
    used += wanted_by(loop->thread());
  }
  const std::chrono::duration<double> wanted = used - used_;
  const std::chrono::duration<double> possible = passed * loops_.size();
  busy_ = wanted > possible * kBusyShare;
  looked_ = now;
  used_ = used;
  return busy_;
}

}  // namespace ginnel::app
