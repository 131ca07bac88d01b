// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "config/settings.h"
#include "storage/click_store.h"

namespace ginnel::cli {

/// `ginnel journal inspect PATH`: prints every record. Status 1 when there is none to print.
int run_journal_inspect(const std::string& path);

/// `ginnel journal verify PATH`: prints how each segment ends. Status 1 when one is damaged.
int run_journal_verify(const std::string& path);

/// `ginnel journal replay`: stores what waits in the journal, for a service that does not run.
/// Status 1 when something had to stay.
int run_journal_replay(const config::Settings& settings);

/// `ginnel verify`: recounts all figures from the clicks and prints what differs; with `repair`
/// puts the counted ones in place. Status 1 when something differs and was not repaired.
int run_verify(const config::Settings& settings, storage::Verification how);

}  // namespace ginnel::cli
