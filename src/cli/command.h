// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <ostream>
#include <string>

#include "base/error.h"
#include "config/load.h"
#include "observability/log.h"

namespace ginnel::cli {

/// Exit statuses that every command shares; `ginnel import` has one more (transfer.h).
inline constexpr int kSuccess = 0;
inline constexpr int kFailure = 1;     ///< it was understood, and could not be done
inline constexpr int kWrongUsage = 2;  ///< it was not understood; nothing was done

/// Says on `err` why it could not be done.
inline int fail(const Error& error, std::ostream& err) {
  err << "ginnel: " << error.message << '\n';
  return kFailure;
}

/// Logs the configuration in effect, once at start: a line `setting` with `name`, `value` and
/// `source` for each. Those left at their default are logged at the level debug, since
/// docs/configuration.md has them. Secrets are masked.
void log_configuration(observability::Log& log, const config::Configuration& configuration);

/// Hears where a caller on this machine finds the server, once it listens.
using OnOpen = std::function<void(const std::string& url)>;

/// Serves until a signal ends it. Logs first what was configured.
int run_serve(const config::Configuration& configuration, const OnOpen& on_open = {});

}  // namespace ginnel::cli
