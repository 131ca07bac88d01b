// SPDX-License-Identifier: MIT
#pragma once

#include <ostream>
#include <string>

#include "config/settings.h"
#include "transfer/row_parser.h"

namespace ginnel::cli {

/// What `ginnel import` was told.
struct ImportArguments {
  change::RowKind kind = change::RowKind::kUser;
  std::string file;             ///< `-` is the standard input
  std::string rejects;          ///< empty: `<file>.rejected.csv`, or `stdin.rejected.csv` here
  bool dry_run = false;         ///< only tell what would be done
  bool through_server = false;  ///< run_served_import
};

/// Where a command speaks.
struct Streams {
  std::ostream& out;
  std::ostream& err;
  bool err_is_terminal = false;
};

/// The exit statuses of `ginnel import`.
inline constexpr int kAllImported = 0;   ///< every row was inserted or there already
inline constexpr int kImportFailed = 1;  ///< nothing was, or it is unknown what: `err` tells
inline constexpr int kSomeLeftOut = 3;   ///< imported, but some rows were skipped or rejected

/// What `ginnel import --help` says of the statuses, the rejects file and repeating.
extern const char* const kImportHelp;

/// Imports a file into the database of `settings` and gives the exit status. The summary goes to
/// `out`, errors and (on a terminal) the progress to `err`.
int run_import(const ImportArguments& arguments, const config::Settings& settings, Streams streams);

/// Sends a file to the server that the settings name, which imports it whole or not at all, and
/// gives the exit status, as run_import does. Rows that are at fault or left out are told on `err`,
/// the first hundred of them.
int run_served_import(const ImportArguments& arguments,
                      const config::Settings& settings,
                      Streams streams);

}  // namespace ginnel::cli
