// SPDX-License-Identifier: MIT
#include <iomanip>
#include <iostream>

#include "cli/command.h"
#include "config/setting.h"
#include "storage/backend.h"

namespace ginnel::cli {

int run_migrate(const config::Settings& settings, bool only_look) {
  const storage::Backend& backend = storage::backend_of(settings.store);
  const auto states =
      only_look ? backend.look_at_migrations(settings.store) : backend.migrate(settings.store);
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
