// SPDX-License-Identifier: MIT
#include "cli/usage_fault.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "config/nearest_name.h"
#include "config/settings.h"

namespace ginnel::cli {
namespace {

/// The flags that the chosen command takes.
std::vector<std::string> flags_of(const CLI::App& app) {
  const CLI::App* command = &app;
  while (!command->get_subcommands().empty()) {
    command = command->get_subcommands().front();
  }
  std::vector<std::string> flags;
  for (const CLI::Option* option : command->get_options()) {
    for (const std::string& name : option->get_lnames()) {
      flags.push_back("--" + name);
    }
  }
  return flags;
}

/// The first flag of a setting that ends the line or that another flag follows; `words` are
/// reversed.
std::string flag_without_value(const std::vector<std::string>& words) {
  for (std::size_t i = words.size(); i-- > 0;) {
    const bool is_setting = words[i].starts_with("--") &&
                            config::find_setting(config::settings_table(), words[i].substr(2));
    if (is_setting && (i == 0 || words[i - 1].starts_with("--"))) {
      return words[i];
    }
  }
  return {};
}

/// Behind it every word is one, whatever it begins with (POSIX Utility Conventions, guideline 10).
constexpr std::string_view kEndOfFlags = "--";

/// What is said of a flag that there is not.
std::string no_such_flag(const std::string& word, const std::vector<std::string>& known) {
  const std::string name = word.substr(0, word.find('='));
  std::string nearest = config::suggestion(name, known);
  if (nearest.empty() && !word.starts_with("--")) {
    nearest = "; a word that begins with - stands behind --";
  }
  return "flag: " + name + ": no such flag" + nearest;
}

/// A word that stands where a command belongs, or nothing.
std::string command_fault(const CLI::App& app, bool flags_end) {
  std::vector<std::string> known;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    known.push_back(command->get_name());
  }
  const std::vector<std::string> unknown = app.remaining(false);
  if (known.empty() || unknown.empty()) {
    return {};
  }
  const std::string& first = unknown.front();
  if (flags_end && first.starts_with("-")) {
    return "unexpected word: " + first;
  }
  return first.starts_with("-") ? first + ": flags follow the command, as in: ginnel serve " + first
                                : first + ": no such command" + config::suggestion(first, known);
}

}  // namespace

std::vector<std::string> unknown_words(const CLI::App& app) {
  const std::vector<std::string> known = flags_of(app);
  std::vector<std::string> faults;
  bool belongs_to_flag = false;  // the word after `--htp.listen` is its value, no fault of its own
  bool flags_end = false;
  for (const std::string& word : app.remaining(true)) {
    if (word == kEndOfFlags && !flags_end) {  // CLI11 leaves it, where a command allows extras
      flags_end = true;
      belongs_to_flag = false;
      continue;
    }
    const bool is_flag = !flags_end && word.starts_with("-");
    if (is_flag) {
      faults.push_back(no_such_flag(word, known));
    } else if (!belongs_to_flag) {
      faults.push_back("unexpected word: " + word);
    }
    belongs_to_flag = is_flag && word.find('=') == std::string::npos;
  }
  return faults;
}

std::string usage_fault(const CLI::App& app,
                        const CLI::ParseError& error,
                        const std::vector<std::string>& words) {
  const bool flags_end = std::ranges::count(words, kEndOfFlags) > 0;
  std::string fault = command_fault(app, flags_end);
  for (const CLI::App* chosen : app.get_subcommands()) {
    fault = fault.empty() ? command_fault(*chosen, flags_end) : fault;
  }
  const auto unknown = unknown_words(app);
  fault = fault.empty() && !unknown.empty() ? unknown.front() : fault;
  const std::string flag = flag_without_value(words);
  if (fault.empty() && !flag.empty()) {
    fault = "flag: " + flag + ": a value must follow";
  }
  return (fault.empty() ? error.what() : fault) + " (see ginnel --help)";
}

}  // namespace ginnel::cli
