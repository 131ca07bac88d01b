// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <optional>
#include <string>

#include "config/given.h"

namespace ginnel::config {

/// Names and values. An empty value counts as none: compose files pass what is not set that way.
using Environment = std::map<std::string, std::string>;

/// The variable that names the file of settings.
inline constexpr const char* kFileVariable = "GINNEL_CONFIG";

/// This process' environment.
Environment process_environment();

/// Reads the settings of `table`: each from the variable with its name, else from a customary one,
/// and those that may hold a secret from the file that the variable with `_FILE` at its end names
/// (without the white space around the text). Variables that begin with `GINNEL_` and are nobody's
/// are faults, but not those that Kubernetes makes for a service of that name.
Findings read_environment(const Environment& environment, Table table);

}  // namespace ginnel::config
