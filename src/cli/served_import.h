// SPDX-License-Identifier: MIT
#pragma once

#include "cli/import_command.h"
#include "config/settings.h"

namespace ginnel::cli {

/// Sends a file to the server that the settings name, which imports it whole or not at all, and
/// gives the exit status, as run_import does. Rows that are at fault or left out are told on `err`,
/// the first hundred of them.
int run_served_import(const ImportArguments& arguments,
                      const config::Settings& settings,
                      Streams streams);

}  // namespace ginnel::cli
