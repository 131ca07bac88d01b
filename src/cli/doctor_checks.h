// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <utility>
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

/// It is as it should be.
inline Finding ok(std::string area, std::string text) {
  return {Finding::Level::kOk, std::move(area), std::move(text), {}};
}

/// It serves, but somebody should look.
inline Finding warning(std::string area, std::string text, std::string cure) {
  return {Finding::Level::kWarn, std::move(area), std::move(text), std::move(cure)};
}

/// It does not serve, or not for long.
inline Finding failure(std::string area, std::string text, std::string cure) {
  return {Finding::Level::kFail, std::move(area), std::move(text), std::move(cure)};
}

/// The parts of `ginnel doctor` that need no machine.
std::vector<Finding> check_settings(const config::Configuration& configuration);
std::vector<Finding> check_database(const storage::Examination& seen, bool migrates_at_start);
Finding check_open_files(const config::Configuration& configuration);
Finding check_access(const config::Settings& settings);
Finding check_public_url(const config::Settings& settings);
std::vector<Finding> check_proxies(const config::Settings& settings);
Finding check_clock(domain::Timestamp now, bool is_kept);

/// A file that holds a secret: by whom it may be read and changed, its owner and mode (stat(2)).
/// Nobody but its owner should, or the group of one that root owns: of a service, that is its own.
Finding check_secret_file(const std::string& path, std::uint32_t owner, std::uint32_t mode);

/// Secrets that were given by flags, which every user of the machine can read; nothing where none
/// was.
std::vector<Finding> check_secret_flags(const config::Configuration& configuration);

/// Why the server could not listen at `address`: an errno, 0 when it could.
Finding check_port(const http::ListenAddress& address, int fault);

/// Room on a disk: `free` bytes where `what` lies.
Finding check_room(const std::string& area, const std::string& what, std::uint64_t free);

}  // namespace ginnel::cli
