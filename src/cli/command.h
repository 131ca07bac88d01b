// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>

#include "config/load.h"

namespace ginnel::cli {

/// Exit statuses that every command shares; `ginnel import` has one more (transfer.h).
inline constexpr int kSuccess = 0;
inline constexpr int kFailure = 1;     ///< it was understood, and could not be done
inline constexpr int kWrongUsage = 2;  ///< it was not understood; nothing was done

/// Hears where a caller on this machine finds the server, once it listens.
using OnOpen = std::function<void(const std::string& url)>;

/// Serves until a signal ends it. Logs first what was configured.
int run_serve(const config::Configuration& configuration, const OnOpen& on_open = {});

/// Applies missing migrations, or, with `only_look`, prints which the database has: status 1 when
/// some are missing.
int run_migrate(const config::Settings& settings, bool only_look);

/// Prints what this binary is made of.
int run_version();

}  // namespace ginnel::cli
