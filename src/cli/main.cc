// SPDX-License-Identifier: MIT
#include <csignal>
#include <exception>
#include <iostream>

#include "cli/command.h"
#include "cli/command_line.h"

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a reader of our output that leaves is a failed write, no death
  try {
    return ginnel::cli::run_command_line(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "ginnel: " << error.what() << '\n';
  } catch (...) {
    std::cerr << "ginnel: unknown failure\n";
  }
  return ginnel::cli::kFailure;
}
