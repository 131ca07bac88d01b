// SPDX-License-Identifier: MIT
#include "cli/command_line.h"

#include <algorithm>
#include <cstddef>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/command.h"
#include "cli/command_tree.h"
#include "cli/commands.h"
#include "cli/completions.h"
#include "cli/usage_fault.h"
#include "config/load.h"
#include "config/process_limits.h"

namespace ginnel::cli {
namespace {

int print_faults(const std::vector<std::string>& faults) {
  for (const std::string& fault : faults) {
    std::cerr << "ginnel: " << fault << '\n';
  }
  return kWrongUsage;
}

/// The command that was chosen.
const Command& chosen(const CLI::App& app) {
  const CLI::App* first = app.get_subcommands().front();
  const auto deeper = first->get_subcommands();
  const std::string path =
      deeper.empty() ? first->get_name() : first->get_name() + " " + deeper.front()->get_name();
  return *std::ranges::find(commands(), path, &Command::path);
}

config::Sources sources_of(const Words& words) {
  config::Sources sources;
  for (const auto& [setting, values] : words.flags) {
    if (values.empty()) {
      continue;
    }
    // Of a single value the last flag counts, as everywhere: a wrapper's flags can be overridden.
    const auto first = setting->kind.list ? values.begin() : values.end() - 1;
    sources.flags.push_back({setting, {first, values.end()}});
  }
  sources.environment = config::process_environment();
  sources.usual_files = config::usual_files();
  if (!words.file.empty()) {
    sources.file = words.file;
  }
  return sources;
}

change::RowKind kind_of(std::string_view kind) noexcept {
  if (kind == "users") {
    return change::RowKind::kUser;
  }
  return kind == "urls" ? change::RowKind::kLink : change::RowKind::kEvent;
}

/// The words of the command line, the last first as CLI11 wants them. `--name=` becomes two words:
/// CLI11 2.1 takes the next word for its value otherwise.
std::vector<std::string> reversed_words(int argc, char** argv) {
  std::vector<std::string> words;
  const std::vector<std::string_view> all(argv + 1, argv + argc);
  const auto flags_end = std::ranges::find(all, "--") - all.begin();
  for (auto i = static_cast<std::ptrdiff_t>(all.size()) - 1; i >= 0; --i) {
    const std::string_view word = all[static_cast<std::size_t>(i)];
    const bool is_flag = i < flags_end && word.starts_with("--");
    if (is_flag && word.size() > 3 && word.find('=') == word.size() - 1) {
      words.emplace_back();
      words.emplace_back(word.substr(0, word.size() - 1));
    } else {
      words.emplace_back(word);
    }
  }
  return words;
}

int run(const Command& command, Words& words, std::vector<std::string> faults) {
  if (command.needs_settings) {
    words.invocation.configuration = config::load(sources_of(words));
    config::limit_connections(words.invocation.configuration, config::raise_file_limit());
    config::show_urls(words.invocation.configuration);
    for (const config::Fault& fault : words.invocation.configuration.faults) {
      if (!command.tells_faults) {
        faults.push_back(fault.text());
      }
    }
  }
  if (!faults.empty()) {
    return print_faults(faults);
  }
  words.invocation.import.kind = kind_of(words.kind);
  words.invocation.exports.plan.kind = kind_of(words.kind);
  words.invocation.exports.plan.clicks = !words.without_clicks;
  return command.run(words.invocation);
}

}  // namespace

int run_command_line(int argc, char** argv) {
  if (argc > 2 && argv[1] == kComplete) {
    std::cout << completions(documented_commands(), {argv + 2, argv + argc});
    return kSuccess;
  }
  Words words;
  const auto parser = make_parser(words);
  show_settings(*parser);
  if (argc < 2) {
    std::cerr << parser->help();
    return kWrongUsage;
  }
  const std::vector<std::string> arguments = reversed_words(argc, argv);
  try {
    parser->parse(std::vector<std::string>(arguments));  // it eats what it is given
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {  // help is an "error" to CLI11 too
      parser->exit(error);
      return kSuccess;
    }
    return print_faults({usage_fault(*parser, error, arguments)});
  }
  return run(chosen(*parser), words, unknown_words(*parser));
}

}  // namespace ginnel::cli
