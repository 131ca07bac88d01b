// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "base/result.h"

namespace ginnel::config {

/// The text of a file that holds a secret, without the white space around it. Fails with kInvalid:
/// `message` names the file and says what is wrong with it.
Result<std::string> read_secret_file(const std::string& path);

}  // namespace ginnel::config
