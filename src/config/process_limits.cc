// SPDX-License-Identifier: MIT
#include "config/process_limits.h"

#include <algorithm>
#include <sched.h>
#include <sys/resource.h>

namespace ginnel::config {

std::uint64_t raise_file_limit() noexcept {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return 0;
  }
  rlimit raised = limit;
  raised.rlim_cur = raised.rlim_max;
  return setrlimit(RLIMIT_NOFILE, &raised) == 0 ? raised.rlim_cur : limit.rlim_cur;
}

std::size_t connections_within(std::size_t wanted, std::uint64_t file_limit) noexcept {
  constexpr std::uint64_t kReserve = 128;
  const std::uint64_t kept = std::min(kReserve, file_limit / 4);
  return static_cast<std::size_t>(
      std::clamp<std::uint64_t>(wanted, 1, std::max<std::uint64_t>(file_limit - kept, 1)));
}

std::uint64_t usable_cores() noexcept {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  if (sched_getaffinity(0, sizeof cores, &cores) != 0) {
    return 1;  // more than CPU_SETSIZE cores: let the operator say how many threads he wants
  }
  return static_cast<std::uint64_t>(std::max(CPU_COUNT(&cores), 1));
}

}  // namespace ginnel::config
