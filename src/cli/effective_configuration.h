// SPDX-License-Identifier: MIT
#pragma once

#include "config/load.h"
#include "observability/log.h"

namespace ginnel::cli {

/// Logs the configuration in effect, once at start: a line `setting` with `name`, `value` and
/// `source` for each. Those left at their default are logged at the level debug, since
/// docs/configuration.md has them. Secrets are masked.
void log_configuration(observability::Log& log, const config::Configuration& configuration);

}  // namespace ginnel::cli
