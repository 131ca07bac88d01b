// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/command_docs.h"

namespace ginnel::cli {

/// With this as its first word `ginnel` is asked for completions of the words that follow.
inline constexpr std::string_view kComplete = "--complete";

/// The script for bash, zsh or fish, which its user puts into a folder of the shell's. It asks the
/// `ginnel` that is typed, so it is never older than the binary.
std::string_view completion_script(std::string_view shell);

/// What the last of `words`, which may be empty, can become, as the scripts read it: lines of a
/// word, a tab and what it means. The word `*` stands for names of files, `?` for what only the
/// user knows; then its name is the meaning.
std::string completions(const std::vector<CommandDoc>& commands, std::vector<std::string> words);

}  // namespace ginnel::cli
