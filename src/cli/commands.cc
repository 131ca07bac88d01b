// SPDX-License-Identifier: MIT
#include "cli/commands.h"

#include <algorithm>
#include <csignal>
#include <iostream>
#include <unistd.h>
#include <utility>

#include <boost/version.hpp>
#include <fmt/format.h>

#include "base/terminal.h"
#include "cli/command.h"
#include "cli/command_tree.h"
#include "cli/completions.h"
#include "cli/doctor_command.h"
#include "cli/journal_command.h"
#include "cli/manual_page.h"
#include "config/document.h"
#include "observability/version.h"
#include "storage/backend.h"

namespace ginnel::cli {
namespace {

Streams streams() {
  return {std::cout, std::cerr, takes_escapes(STDERR_FILENO)};
}

/// A command of these arguments, the settings and the terminal.
template <auto arguments, auto run>
int with(const Invocation& given) {
  return run(given.*arguments, given.configuration.settings, streams());
}

int run_config_check(const Invocation& invocation) {
  std::size_t width = 0;
  for (const config::EffectiveValue& value : invocation.configuration.values) {
    width = std::max(width, value.setting->name.size());
  }
  for (const config::EffectiveValue& value : invocation.configuration.values) {
    std::cout << fmt::format(
        "{:<{}} = {}  ({})\n", value.setting->name, width, value.shown, value.source);
  }
  return kSuccess;
}

int run_config_docs(const Invocation&) {
  std::cout << config::configuration_page(config::settings_table());
  return kSuccess;
}

int run_man(const Invocation&) {
  std::cout << manual_page(
      documented_commands(), config::settings_table(), observability::version());
  return kSuccess;
}

int run_completions(const Invocation& invocation) {
  std::cout << completion_script(invocation.shell);
  return kSuccess;
}

int run_migrate(const Invocation& invocation) {
  const storage::StoreOptions& store = invocation.configuration.settings.store;
  const storage::Backend& backend = storage::backend_of(store);
  const auto states =
      invocation.only_look ? backend.look_at_migrations(store) : backend.migrate(store);
  if (!states) {
    return fail(states.error(), std::cerr);
  }
  bool complete = true;
  for (const storage::MigrationState& state : *states) {
    const char* const is = state.applied ? "applied" : "missing";
    std::cout << fmt::format("{:04}  {}  {}\n", state.number, is, state.name);
    complete = complete && state.applied;
  }
  return complete ? kSuccess : kFailure;
}

int run_version(const Invocation&) {
  constexpr int kMinor = BOOST_VERSION / 100 % 1'000;
  std::cout << "ginnel " << observability::version() << '\n'
            << "compiler " << observability::compiler_version() << '\n'
            << "Boost " << BOOST_VERSION / 100'000 << '.' << kMinor << '\n'
            << storage::engines() << '\n';
  return kSuccess;
}

std::vector<Command> all_commands() {
  std::vector<Command> all = {
      {"serve",
       {"http",
        "api",
        "database",
        "links",
        "bulk",
        "cache",
        "journal",
        "clicks",
        "shutdown",
        "log"},
       [](const Invocation& given) { return run_serve(given.configuration); }},
      {"demo",
       {"http", "api", "links"},
       [](const Invocation& given) {
         return run_demo(given.demo, given.configuration, streams());
       }},
      {"doctor",
       {"http", "api", "database", "links", "journal", "clicks"},
       [](const Invocation& given) {
         return run_doctor(given.configuration, given.json, std::cout);
       },
       true,
       true},
      {"migrate", {"database"}, run_migrate},
      {"import",
       {"database", "links", "client"},
       [](const Invocation& given) {
         return given.import.through_server ? with<&Invocation::import, run_served_import>(given)
                                            : with<&Invocation::import, run_import>(given);
       }},
      {"export",
       {"database"},
       [](const Invocation& given) {
         // As other filters: `ginnel export urls | head` ends without a word.
         std::signal(SIGPIPE, SIG_DFL);
         return with<&Invocation::exports, run_export>(given);
       }},
      {"backup", {"database"}, with<&Invocation::backup, run_backup>},
      {"restore", {"database"}, with<&Invocation::backup, run_restore>},
      {"verify",
       {"database"},
       [](const Invocation& given) {
         return run_verify(
             given.configuration.settings,
             given.repair ? storage::Verification::kRepair : storage::Verification::kCompare);
       }},
      {"journal inspect",
       {},
       [](const Invocation& given) { return run_journal_inspect(given.journal); },
       false},
      {"journal verify",
       {},
       [](const Invocation& given) { return run_journal_verify(given.journal); },
       false},
      {"journal replay",
       {"database", "journal", "clicks"},
       [](const Invocation& given) { return run_journal_replay(given.configuration.settings); }},
      {"config check", {}, run_config_check},
      {"config docs", {}, run_config_docs, false},
      {"version", {}, run_version, false},
      {"man", {}, run_man, false},
      {"completions", {}, run_completions, false},
  };
  for (const std::string& path : client_commands()) {
    auto run = [path](const Invocation& given) {
      return run_client_command(path, given.client, given.configuration.settings);
    };
    all.push_back({path, {"client"}, std::move(run)});
  }
  return all;
}

}  // namespace

const std::vector<Command>& commands() {
  static const std::vector<Command> kCommands = all_commands();
  return kCommands;
}

}  // namespace ginnel::cli
