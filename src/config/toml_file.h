// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "config/given.h"

namespace ginnel::config {

/// Reads a TOML file (https://toml.io/en/v1.0.0): every key that is a setting of `table`, and a
/// fault for everything else. A file that is not TOML gives one fault, at the first mistake.
Findings read_toml_file(const std::string& path, Table table);

}  // namespace ginnel::config
