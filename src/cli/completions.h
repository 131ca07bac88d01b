// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "cli/command_docs.h"

namespace ginnel::cli {

/// A script that completes commands, flags, choices and names of files, for the shell it is named
/// after: what its user puts into a folder of the shell's.
std::string bash_completion(const std::vector<CommandDoc>& commands);
std::string zsh_completion(const std::vector<CommandDoc>& commands);
std::string fish_completion(const std::vector<CommandDoc>& commands);

}  // namespace ginnel::cli
