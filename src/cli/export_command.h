// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "cli/import_command.h"
#include "config/settings.h"
#include "transfer/exporter.h"

namespace ginnel::cli {

/// What `ginnel export` was told.
struct ExportArguments {
  transfer::ExportPlan plan;
  std::string file = "-";  ///< `-` is the standard output
};

/// What `ginnel export --help` says of the form, of what a running server does meanwhile and of
/// spreadsheets.
extern const char* const kExportHelp;

/// Exports rows of the database of `settings`, which may be served meanwhile, and gives the exit
/// status: kSuccess or kFailure. With a file, says what is in it on `out`.
int run_export(const ExportArguments& arguments, const config::Settings& settings, Streams streams);

}  // namespace ginnel::cli
