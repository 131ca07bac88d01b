// SPDX-License-Identifier: MIT
#include <csignal>
#include <exception>
#include <iostream>

#include "cli/command.h"
#include "cli/command_line.h"

int main(int argc, char** argv) {
  // A reader of our output that leaves, or a file over the limit of sizes (ulimit -f), is a failed
  // write, no death.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    return ginnel::cli::run_command_line(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "ginnel: " << error.what() << '\n';
  } catch (...) {
    std::cerr << "ginnel: unknown failure\n";
  }
  return ginnel::cli::kFailure;
}
