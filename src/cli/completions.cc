// SPDX-License-Identifier: MIT
#include "cli/completions.h"

#include <algorithm>
#include <utility>

#include "base/embedded_file.h"
#include "kCompletionScripts.h"

namespace ginnel::cli {
namespace {

/// A line of an answer. Of the meaning its first sentence: what fits beside a name.
std::string line_of(const std::string& word, const std::string& meaning) {
  return word + "\t" + meaning.substr(0, meaning.find(". ")) + "\n";
}

/// The flag of this name that a value follows, or null.
const OptionDoc* valued_flag(const CommandDoc& command, const std::string& name) {
  const auto found = std::ranges::find_if(command.flags, [&name](const OptionDoc& flag) {
    return !flag.value.empty() && std::ranges::count(flag.names, name) > 0;
  });
  return found == command.flags.end() ? nullptr : &*found;
}

std::string values_of(const OptionDoc& option) {
  std::string text;
  for (const std::string& choice : option.choices) {
    text += line_of(choice, option.meaning);
  }
  return text.empty() ? line_of(option.is_file ? "*" : "?", option.value) : text;
}

std::string flags_of(const CommandDoc& command) {
  std::string text;
  for (const OptionDoc& flag : command.flags) {
    for (const std::string& name : flag.names) {
      text += line_of(name, flag.meaning);
    }
  }
  return text;
}

std::string path_below(const CommandDoc& command, const std::string& name) {
  return command.path.empty() ? name : command.path + " " + name;
}

/// Where the words before the one that is completed lead.
struct Place {
  const CommandDoc* command;
  const OptionDoc* flag = nullptr;  ///< whose value comes next
  std::size_t words = 0;            ///< that are no flags, behind the command
  bool flags_end = false;           ///< `--` was there
};

Place place_behind(const std::vector<CommandDoc>& commands, const std::vector<std::string>& words) {
  Place place{&find_command(commands, "")};
  for (const std::string& word : words) {
    if (word == "=" || word == ":") {
      continue;  // of `--state=active`, which bash takes for three words
    }
    if (place.flag != nullptr) {
      place.flag = nullptr;
    } else if (std::ranges::count(place.command->commands, word) > 0) {
      place.command = &find_command(commands, path_below(*place.command, word));
    } else if (place.flags_end || !word.starts_with('-')) {
      ++place.words;
    } else {
      place.flags_end = word == "--";
      place.flag = valued_flag(*place.command, word);
    }
  }
  return place;
}

}  // namespace

std::string_view completion_script(std::string_view shell) {
  return std::ranges::find(embedded::kCompletionScripts, shell, &base::EmbeddedFile::name)
      ->contents;
}

std::string completions(const std::vector<CommandDoc>& commands, std::vector<std::string> words) {
  const std::string current = std::move(words.back());
  words.pop_back();
  Place place = place_behind(commands, words);
  const CommandDoc& command = *place.command;
  const bool is_flag = current.starts_with('-') && !place.flags_end;
  if (const auto equals = current.find('='); is_flag && equals != std::string::npos) {
    place.flag = valued_flag(command, current.substr(0, equals));
  }
  if (place.flag != nullptr) {
    return values_of(*place.flag);
  }
  if (is_flag) {
    return flags_of(command);
  }
  if (place.words < command.words.size()) {
    return values_of(command.words[place.words]);
  }
  std::string text;
  for (const std::string& name : command.commands) {
    text += line_of(name, find_command(commands, path_below(command, name)).summary);
  }
  return text;
}

}  // namespace ginnel::cli
