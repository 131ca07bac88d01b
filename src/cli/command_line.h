// SPDX-License-Identifier: MIT
#pragma once

namespace ginnel::cli {

/// Reads the command line, loads the settings and runs the command; gives the exit status.
///
/// Every fault of the command line, the environment and the file is reported on standard error in
/// one run; the status is kWrongUsage then and nothing was done. Throws nothing but defects.
int run_command_line(int argc, char** argv);

}  // namespace ginnel::cli
