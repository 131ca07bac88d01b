// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "cli/import_command.h"
#include "config/settings.h"

namespace ginnel::cli {

/// What `ginnel backup` and `ginnel restore` were told.
struct BackupArguments {
  std::string file;    ///< the backup
  bool force = false;  ///< it may replace an earlier one
};

/// What `--help` of the two commands says of what is copied and of what they refuse.
extern const char* const kBackupHelp;
extern const char* const kRestoreHelp;

/// Copies the database of `settings`, which may be served meanwhile, to a file. Gives the exit
/// status: kSuccess or kFailure, as does the next.
int run_backup(const BackupArguments& arguments, const config::Settings& settings, Streams streams);

/// Puts a backup in the place of the database of `settings`, which nobody may serve.
int run_restore(const BackupArguments& arguments,
                const config::Settings& settings,
                Streams streams);

}  // namespace ginnel::cli
