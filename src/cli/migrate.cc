// SPDX-License-Identifier: MIT
#include <iomanip>
#include <iostream>

#include "cli/command.h"
#include "config/setting.h"
#include "storage/open_stores.h"

namespace ginnel::cli {

int run_migrate(const config::Settings& settings, bool only_look) {
  const auto states =
      only_look ? storage::look_at_migrations(settings.store) : storage::migrate(settings.store);
  if (!states) {
    std::cerr << "ginnel: " << states.error().message << '\n';
    return kFailure;
  }
  bool complete = true;
  for (const storage::MigrationState& state : *states) {
    std::cout << std::setw(4) << std::setfill('0') << state.number << "  "
              << (state.applied ? "applied" : "missing") << "  " << state.name << '\n';
    complete = complete && state.applied;
  }
  return complete ? kSuccess : kFailure;
}

}  // namespace ginnel::cli
