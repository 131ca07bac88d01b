// SPDX-License-Identifier: MIT
#include "observability/process_figures.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <sys/resource.h>
#include <system_error>
#include <unistd.h>

namespace ginnel::observability {
namespace {

/// Field `number` of /proc/self/stat, counted as proc(5) does; 0 when it cannot be read. The second
/// field, a name in parentheses, may hold spaces, so counting begins behind it.
double stat_field(int number) {
  std::ifstream file("/proc/self/stat");
  std::string line;
  std::getline(file, line);
  std::istringstream rest(line.substr(line.rfind(')') + 1));
  std::string field;
  for (int i = 3; i <= number; ++i) {
    rest >> field;
  }
  return field.empty() ? 0.0 : std::stod(field);
}

double ticks_to_seconds(double ticks) {
  return ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double boot_time_seconds() {
  std::ifstream file("/proc/stat");
  std::string word;
  while (file >> word) {
    if (word == "btime") {
      double seconds = 0;
      file >> seconds;
      return seconds;
    }
  }
  return 0;
}

double open_descriptors() {
  std::error_code ignored;
  const std::filesystem::directory_iterator entries("/proc/self/fd", ignored);
  return static_cast<double>(std::distance(entries, std::filesystem::directory_iterator()));
}

double descriptor_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<double>(limit.rlim_cur);
}

}  // namespace

std::vector<Figure> process_figures() {
  constexpr auto kCounter = MetricKind::kCounter;
  constexpr auto kGauge = MetricKind::kGauge;
  // Fields of proc(5): 14 utime, 15 stime, 20 num_threads, 22 starttime, 23 vsize, 24 rss (pages).
  return {
      {"process_cpu_seconds_total",
       "CPU time used, user and system.",
       kCounter,
       {},
       [] { return ticks_to_seconds(stat_field(14) + stat_field(15)); }},
      {"process_resident_memory_bytes",
       "Memory in use.",
       kGauge,
       {},
       [] { return stat_field(24) * static_cast<double>(::sysconf(_SC_PAGESIZE)); }},
      {"process_virtual_memory_bytes",
       "Address space in use.",
       kGauge,
       {},
       [] { return stat_field(23); }},
      {"process_open_fds", "Open file descriptors.", kGauge, {}, open_descriptors},
      {"process_max_fds", "Most file descriptors that may be open.", kGauge, {}, descriptor_limit},
      {"process_threads", "Threads.", kGauge, {}, [] { return stat_field(20); }},
      {"process_start_time_seconds",
       "When the process began, in seconds since 1970.",
       kGauge,
       {},
       [began = boot_time_seconds() + ticks_to_seconds(stat_field(22))] { return began; }},
  };
}

}  // namespace ginnel::observability
