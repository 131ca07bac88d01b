// SPDX-License-Identifier: MIT
#pragma once

#include <ostream>

#include "config/load.h"

namespace ginnel::cli {

/// What `ginnel doctor --help` says of levels and statuses.
extern const char* const kDoctorHelp;

/// Looks at everything that `ginnel serve` would need with this configuration, which may have
/// faults, and writes a line for each thing, with the cure where there is something to cure; as one
/// JSON document with `json`. Changes nothing, so a server may run meanwhile. Gives kFailure when
/// something keeps it from serving, else kSuccess.
int run_doctor(const config::Configuration& configuration, bool json, std::ostream& out);

}  // namespace ginnel::cli
