// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

namespace ginnel::observability {

enum class LogLevel { kDebug, kInfo, kWarn, kError };

enum class LogFormat {
  kAuto,  ///< kText on a terminal, kJson elsewhere
  kJson,  ///< one JSON object a line
  kText,  ///< for people; in colour on a terminal (base/terminal.h)
};

/// What is logged, and how. `config` fills it; docs/configuration.md says what each is for.
struct LogOptions {
  LogLevel level = LogLevel::kInfo;
  LogFormat format = LogFormat::kAuto;

  /// Of the redirects that went well one in so many is logged; 0 logs none. Whoever logs redirects
  /// heeds it: the log itself does not know what a line is about.
  std::uint32_t redirects_one_in = 1'000;

  /// Lines that may wait for the writing thread, and their bytes. What comes beyond is dropped and
  /// counted: a stuck reader of the log must neither stop the service nor take its memory.
  std::size_t queue_lines = 8'192;
  std::size_t queue_bytes = std::size_t{4} << 20;
};

}  // namespace ginnel::observability
