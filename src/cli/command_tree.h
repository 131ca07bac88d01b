// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/command_docs.h"
#include "cli/commands.h"
#include "config/settings.h"

namespace ginnel::cli {

/// The command line as CLI11 fills it.
struct Words {
  Words() {
    for (const config::Setting& setting : config::settings_table()) {
      flags.push_back({&setting, {}});
    }
  }

  std::vector<std::pair<const config::Setting*, std::vector<std::string>>> flags;
  std::string file;
  std::string kind;  ///< of the rows to import or export
  bool without_clicks = false;
  Invocation invocation;
};

/// The tree of commands, which fills `words`; they must outlive it.
std::unique_ptr<CLI::App> make_parser(Words& words);

/// Puts the settings that matter to each command below its help.
void show_settings(CLI::App& app);

/// What `--help` knows of every command.
std::vector<CommandDoc> documented_commands();

}  // namespace ginnel::cli
