// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "config/load.h"
#include "domain/timestamp.h"
#include "storage/examination.h"

namespace ginnel::cli {

/// One thing that was looked at.
struct Finding {
  enum class Level { kOk, kWarn, kFail };

  Level level = Level::kOk;
  std::string area;  ///< `database`, `port`, ...
  std::string text;
  std::string cure;  ///< a command or setting; empty where nothing is wrong
};

/// The parts of `ginnel doctor` that need no machine.
std::vector<Finding> check_settings(const config::Configuration& configuration);
std::vector<Finding> check_database(const storage::Examination& seen, bool migrates_at_start);
Finding check_open_files(const config::Configuration& configuration);
Finding check_access(const config::Settings& settings);
Finding check_public_url(const config::Settings& settings);
Finding check_clock(domain::Timestamp now, bool is_kept);

/// Room on a disk: `free` bytes where `what` lies.
Finding check_room(const std::string& area, const std::string& what, std::uint64_t free);

}  // namespace ginnel::cli
