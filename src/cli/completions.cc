// SPDX-License-Identifier: MIT
#include "cli/completions.h"

#include <algorithm>
#include <functional>
#include <string_view>

#include "base/text.h"
#include "cli/shell_text.h"

namespace ginnel::cli {
namespace {

/// `'text'` for fish.
std::string fish_quoted(std::string_view text) {
  std::string result = "'";
  for (const char character : text) {
    result += character == '\'' || character == '\\' ? "\\" : "";
    result += character;
  }
  return result + "'";
}

/// The first sentence: what fits beside a name.
std::string brief(const std::string& meaning) {
  return meaning.substr(0, meaning.find(". "));
}

/// A pattern of `case` for every path but the empty one: the shell follows the line's words by it.
std::string known_paths(const std::vector<CommandDoc>& commands) {
  std::string text;
  for (const CommandDoc& command : commands) {
    if (!command.path.empty()) {
      text += (text.empty() ? "\"" : " | \"") + command.path + '"';
    }
  }
  return text;
}

/// Calls `each` with every flag that a value follows.
void for_valued_flags(const CommandDoc& command,
                      const std::function<void(const OptionDoc&, const std::string&)>& each) {
  for (const OptionDoc& flag : command.flags) {
    if (!flag.value.empty()) {
      for (const std::string& name : flag.names) {
        each(flag, name);
      }
    }
  }
}

/// What the word at `place` of a command may be.
const OptionDoc* word_at(const CommandDoc& command, std::size_t place) {
  return place < command.words.size() ? &command.words[place] : nullptr;
}

std::vector<std::string> flag_names(const CommandDoc& command) {
  std::vector<std::string> names;
  for (const OptionDoc& flag : command.flags) {
    names.insert(names.end(), flag.names.begin(), flag.names.end());
  }
  return names;
}

/// A line of the walk: the value of a flag is no word of the command's.
std::string skip_values(const CommandDoc& command) {
  std::vector<std::string> names;
  for_valued_flags(command,
                   [&names](const OptionDoc&, const std::string& name) { names.push_back(name); });
  if (names.empty()) {
    return {};
  }
  return "      " + shell_quoted(command.path) + ") case \"$previous\" in " + joined(names, " | ") +
         ") previous=''; continue ;; esac ;;\n";
}

/// The part of a script that bash and zsh share: `at` becomes the command that the words before
/// the cursor name, `place` how many words that are no flags follow it, `ended` whether `--` does.
std::string walk(const std::vector<CommandDoc>& commands,
                 std::string_view first,
                 std::string_view words,
                 std::string_view cursor) {
  std::string text;
  text.append("  local at='' previous='' word='' ended='' place=0 i\n");
  text.append("  for ((i = ").append(first).append("; i < ").append(cursor).append("; i++)); do\n");
  text.append("    word=\"${").append(words).append("[i]}\"\n");
  text.append("    [[ $word == [:=] ]] && continue\n");  // bash takes them for words
  text +=
      "    [[ -n $ended ]] && place=$((place + 1)) && continue\n"
      "    case \"${at:+$at }$word\" in\n"
      "      " +
      known_paths(commands) +
      ")\n"
      "        at=\"${at:+$at }$word\" place=0 previous=''\n"
      "        continue ;;\n"
      "    esac\n"
      "    case \"$at\" in\n";
  for (const CommandDoc& command : commands) {
    text += skip_values(command);
  }
  text +=
      "    esac\n"
      "    [[ $word == -- ]] && ended=yes previous='' && continue\n"
      "    previous=\"$word\"\n"
      "    [[ $word == -* ]] || place=$((place + 1))\n"
      "  done\n";
  return text;
}

std::string bash_values(const OptionDoc& option) {
  if (!option.choices.empty()) {
    return "COMPREPLY=($(compgen -W " + shell_quoted(joined(option.choices, " ")) +
           " -- \"$current\"))";
  }
  return option.is_file ? "_ginnel_files \"$current\"" : ":";
}

std::string bash_command(const CommandDoc& command) {
  std::string text = "    " + shell_quoted(command.path) + ")\n      case \"$previous\" in\n";
  for_valued_flags(command, [&text](const OptionDoc& flag, const std::string& name) {
    text += "        " + name + ") " + bash_values(flag) + "; return ;;\n";
  });
  text += "      esac\n";
  text += "      if [[ $current == -* && -z $ended ]]; then\n        COMPREPLY=($(compgen -W " +
          shell_quoted(joined(flag_names(command), " ")) + " -- \"$current\"))\n";
  if (!command.commands.empty()) {
    text += "      else\n        COMPREPLY=($(compgen -W " +
            shell_quoted(joined(command.commands, " ")) + " -- \"$current\"))\n";
  }
  for (std::size_t i = 0; word_at(command, i) != nullptr; ++i) {
    text += "      elif ((place == " + std::to_string(i) + ")); then\n        " +
            bash_values(command.words[i]) + "\n";
  }
  return text + "      fi ;;\n";
}

std::string zsh_values(const OptionDoc& option) {
  if (!option.choices.empty()) {
    return "compadd -- " + joined(option.choices, " ");
  }
  return option.is_file ? "_files" : "_message " + shell_quoted(option.value);
}

/// `'name:meaning'`, as `_describe` reads it.
std::string zsh_pair(const std::string& name, const std::string& meaning) {
  std::string text;
  for (const char character : name) {
    text += character == ':' ? "\\:" : std::string(1, character);
  }
  return shell_quoted(text + ":" + brief(meaning));
}

std::string zsh_command(const std::vector<CommandDoc>& commands, const CommandDoc& command) {
  std::string text = "    " + shell_quoted(command.path) + ")\n      case \"$previous\" in\n";
  for_valued_flags(command, [&text](const OptionDoc& flag, const std::string& name) {
    text += "        " + name + ") " + zsh_values(flag) + "; return ;;\n";
  });
  text += "      esac\n      if [[ $current == -* && -z $ended ]]; then\n        choices=(";
  for (const OptionDoc& flag : command.flags) {
    for (const std::string& name : flag.names) {
      text += "\n          " + zsh_pair(name, flag.meaning);
    }
  }
  text += ")\n        _describe -o flag choices\n";
  if (!command.commands.empty()) {
    text += "      else\n        choices=(";
    for (const std::string& name : command.commands) {
      const std::string path = command.path + (command.path.empty() ? "" : " ") + name;
      text += "\n          " + zsh_pair(name, find_command(commands, path).summary);
    }
    text += ")\n        _describe command choices\n";
  }
  for (std::size_t i = 0; word_at(command, i) != nullptr; ++i) {
    text += "      elif ((place == " + std::to_string(i) + ")); then\n        " +
            zsh_values(command.words[i]) + "\n";
  }
  return text + "      fi ;;\n";
}

std::string fish_flag(const std::string& condition, const OptionDoc& flag) {
  std::string text = "complete -c ginnel -n " + condition;
  for (const std::string& name : flag.names) {
    text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  if (!flag.choices.empty()) {
    text += " -x -a " + fish_quoted(joined(flag.choices, " "));
  } else if (!flag.value.empty()) {
    text += flag.is_file ? " -r -F" : " -x";
  }
  return text + " -d " + fish_quoted(brief(flag.meaning)) + "\n";
}

std::string fish_word(const std::string& condition, const OptionDoc& word) {
  std::string text = "complete -c ginnel -n " + condition;
  if (!word.choices.empty()) {
    return text.append(" -a ")
        .append(fish_quoted(joined(word.choices, " ")))
        .append(" -d ")
        .append(fish_quoted(word.value))
        .append("\n");
  }
  return word.is_file ? text.append(" -F\n") : std::string();
}

std::string fish_command(const std::vector<CommandDoc>& commands, const CommandDoc& command) {
  const std::string condition = "\"__ginnel_at '" + command.path + "'\"";
  std::string text;
  for (const std::string& name : command.commands) {
    const std::string path = command.path + (command.path.empty() ? "" : " ") + name;
    text.append("complete -c ginnel -n ")
        .append(condition)
        .append(" -a ")
        .append(name)
        .append(" -d ")
        .append(fish_quoted(find_command(commands, path).summary))
        .append("\n");
  }
  for (const OptionDoc& word : command.words) {
    text += fish_word(condition, word);
  }
  for (const OptionDoc& flag : command.flags) {
    text += fish_flag(condition, flag);
  }
  return text;
}

}  // namespace

std::string bash_completion(const std::vector<CommandDoc>& commands) {
  std::string text =
      "# Completion of ginnel's command line for bash; made by `ginnel completions bash`.\n"
      "# shellcheck disable=SC2207\n"
      "_ginnel_files() {\n"
      "  compopt -o filenames 2>/dev/null\n"
      "  mapfile -t COMPREPLY < <(compgen -f -- \"$1\")\n"
      "}\n\n"
      "_ginnel() {\n"
      "  local current=\"${COMP_WORDS[COMP_CWORD]}\"\n"
      "  [[ $current == = ]] && current=''\n" +  // of `--state=`, which bash takes for two words
      walk(commands, "1", "COMP_WORDS", "COMP_CWORD") +
      "  COMPREPLY=()\n"
      "  case \"$at\" in\n";
  for (const CommandDoc& command : commands) {
    text += bash_command(command);
  }
  return text +
         "  esac\n"
         "}\n\n"
         "complete -F _ginnel ginnel\n";
}

std::string zsh_completion(const std::vector<CommandDoc>& commands) {
  std::string text =
      "#compdef ginnel\n"
      "# Completion of ginnel's command line for zsh; made by `ginnel completions zsh`.\n"
      "_ginnel() {\n"
      "  local current=\"${words[CURRENT]}\"\n"
      "  local -a choices\n" +
      walk(commands, "2", "words", "CURRENT") +
      "  if [[ $current == --*=* && -z $ended ]]; then\n"
      "    previous=\"${current%%=*}\"\n"
      "    compset -P '*='\n"
      "  fi\n"
      "  case \"$at\" in\n";
  for (const CommandDoc& command : commands) {
    text += zsh_command(commands, command);
  }
  return text +
         "  esac\n"
         "}\n\n"
         "if [[ $funcstack[1] == _ginnel ]]; then\n"
         "  _ginnel \"$@\"\n"
         "else\n"
         "  compdef _ginnel ginnel\n"
         "fi\n";
}

std::string fish_completion(const std::vector<CommandDoc>& commands) {
  std::string text =
      "# Completion of ginnel's command line for fish; made by `ginnel completions fish`.\n"
      "function __ginnel_at\n"
      "  set -l at ''\n"
      "  for word in (commandline -opc)[2..]\n"
      "    switch (string trim -- \"$at $word\")\n"
      "      case";
  for (const CommandDoc& command : commands) {
    text += command.path.empty() ? "" : " '" + command.path + "'";
  }
  text +=
      "\n"
      "        set at (string trim -- \"$at $word\")\n"
      "    end\n"
      "  end\n"
      "  test \"$at\" = \"$argv[1]\"\n"
      "end\n\n"
      "complete -c ginnel -f\n";
  for (const CommandDoc& command : commands) {
    text += fish_command(commands, command);
  }
  return text;
}

}  // namespace ginnel::cli
