// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "observability/metrics.h"

namespace ginnel::observability {

/// What the kernel knows of this process, by the names of Prometheus' client guidelines:
/// process_cpu_seconds_total, process_resident_memory_bytes, process_virtual_memory_bytes,
/// process_open_fds, process_max_fds, process_threads, process_start_time_seconds.
std::vector<Figure> process_figures();

}  // namespace ginnel::observability
