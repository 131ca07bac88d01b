// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

namespace ginnel::cli {

/// A flag or a word that a command takes.
struct OptionDoc {
  std::vector<std::string> names;  ///< `--help`, `-h`; of a word none
  std::string value;               ///< `URL`; empty where a flag stands alone
  std::string meaning;
  std::vector<std::string> choices;  ///< all that the value may be, or none
  bool is_setting = false;           ///< a row of the settings table
  bool is_required = false;
  bool is_file = false;  ///< the value is the name of a file
};

/// What is known of a command, as `--help` has it.
struct CommandDoc {
  std::string path;  ///< `link create`; empty for ginnel itself
  std::string summary;
  std::string help;              ///< the paragraphs below its flags
  std::vector<OptionDoc> flags;  ///< with the settings that its help shows
  std::vector<OptionDoc> words;
  std::vector<std::string> commands;  ///< names of those below it
};

/// Every command of the tree, each before those below it. A hidden flag counts when it has a
/// description.
std::vector<CommandDoc> describe(const CLI::App& app);

/// The command of this path. There must be one.
const CommandDoc& find_command(const std::vector<CommandDoc>& commands, std::string_view path);

}  // namespace ginnel::cli
