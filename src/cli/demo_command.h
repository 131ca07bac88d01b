// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "cli/import_command.h"
#include "config/load.h"

namespace ginnel::cli {

/// What `ginnel demo --help` says of what is served and where.
extern const char* const kDemoHelp;

/// Where the demo's database is unless told otherwise.
inline constexpr const char* kDemoFile = "data/demo.db";

/// Fills the database `file` with the users, links and events that are in this binary, prints what
/// to try, and serves it until a signal ends it. `database.url` is not looked at. A file that holds
/// other links is left alone. Gives the exit status.
int run_demo(const std::string& file, config::Configuration configuration, Streams streams);

}  // namespace ginnel::cli
