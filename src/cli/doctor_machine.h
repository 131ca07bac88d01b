// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "cli/doctor_checks.h"

namespace ginnel::cli {

/// The parts of `ginnel doctor` that look at files, disks, sockets and the kernel. They change
/// nothing. A folder that is missing stands for its nearest parent that is there.
std::vector<Finding> check_folders(const config::Settings& settings);
std::vector<Finding> check_server(const config::Settings& settings,
                                  const storage::Examination& seen);
std::vector<Finding> check_secrets(const config::Configuration& configuration);
std::vector<Finding> check_journal(const config::Settings& settings, bool is_served);
Finding check_countries(const config::Settings& settings, domain::Timestamp now);

/// Whether the kernel thinks that something keeps its clock right (adjtimex(2)).
bool is_clock_kept() noexcept;

}  // namespace ginnel::cli
