// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "base/result.h"

namespace ginnel::config {

/// The bytes of a file. Fails with kInvalid; the message is the system's, `No such file or
/// directory`.
Result<std::string> read_file(const std::string& path);

}  // namespace ginnel::config
