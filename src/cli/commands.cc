// SPDX-License-Identifier: MIT
#include "cli/commands.h"

#include <algorithm>
#include <csignal>
#include <iomanip>
#include <iostream>
#include <unistd.h>
#include <utility>

#include "base/terminal.h"
#include "cli/command.h"
#include "cli/command_tree.h"
#include "cli/completions.h"
#include "cli/doctor_command.h"
#include "cli/journal_command.h"
#include "cli/manual_page.h"
#include "cli/served_import.h"
#include "config/document.h"
#include "observability/version.h"

namespace ginnel::cli {
namespace {

Streams streams() {
  return {std::cout, std::cerr, takes_escapes(STDERR_FILENO)};
}

int run_config_check(const Invocation& invocation) {
  std::size_t width = 0;
  for (const config::EffectiveValue& value : invocation.configuration.values) {
    width = std::max(width, value.setting->name.size());
  }
  for (const config::EffectiveValue& value : invocation.configuration.values) {
    std::cout << std::left << std::setw(static_cast<int>(width)) << value.setting->name << " = "
              << value.shown << "  (" << value.source << ")\n";
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
      {"migrate",
       {"database"},
       [](const Invocation& given) {
         return run_migrate(given.configuration.settings, given.only_look);
       }},
      {"import",
       {"database", "links", "client"},
       [](const Invocation& given) {
         const auto run = given.import.through_server ? run_served_import : run_import;
         return run(given.import, given.configuration.settings, streams());
       }},
      {"export",
       {"database"},
       [](const Invocation& given) {
         // As other filters: `ginnel export urls | head` ends without a word.
         std::signal(SIGPIPE, SIG_DFL);
         return run_export(given.exports, given.configuration.settings, streams());
       }},
      {"backup",
       {"database"},
       [](const Invocation& given) {
         return run_backup(given.backup, given.configuration.settings, streams());
       }},
      {"restore",
       {"database"},
       [](const Invocation& given) {
         return run_restore(given.backup, given.configuration.settings, streams());
       }},
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
      {"version", {}, [](const Invocation&) { return run_version(); }, false},
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
