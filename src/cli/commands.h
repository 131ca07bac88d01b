// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/backup_command.h"
#include "cli/client_command.h"
#include "cli/demo_command.h"
#include "cli/export_command.h"
#include "cli/import_command.h"
#include "config/load.h"

namespace ginnel::cli {

/// What a command runs with.
struct Invocation {
  config::Configuration configuration;
  ImportArguments import;
  ExportArguments exports;
  BackupArguments backup;
  ClientArguments client;
  std::string journal;  ///< what to look at
  bool only_look = false;
  bool repair = false;
  std::string shell;  ///< whose completions are wanted
  std::string demo = kDemoFile;
  bool json = false;
};

struct Command {
  std::string path;                     ///< `serve`, `config check`
  std::vector<std::string_view> areas;  ///< of the settings its help shows; all are taken
  std::function<int(const Invocation&)> run;
  bool needs_settings = true;
  bool tells_faults = false;  ///< of the settings, itself
};

/// Every command that does something; those that only have others below them are not among them.
const std::vector<Command>& commands();

}  // namespace ginnel::cli
