// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace ginnel::cli {

/// A sentence for each word that the chosen command does not know, with the nearest known flag.
std::vector<std::string> unknown_words(const CLI::App& app);

/// What CLI11 could not understand. Its own sentences name neither hidden flags nor near commands.
/// `words` are those of the command line, the last first.
std::string usage_fault(const CLI::App& app,
                        const CLI::ParseError& error,
                        const std::vector<std::string>& words);

}  // namespace ginnel::cli
