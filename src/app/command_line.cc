// SPDX-License-Identifier: MIT
#include "app/command_line.h"

#include <algorithm>
#include <functional>
#include <iomanip>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

#include <CLI/CLI.hpp>

#include "app/command.h"
#include "app/journal_command.h"
#include "app/transfer.h"
#include "config/document.h"
#include "config/load.h"
#include "config/nearest_name.h"
#include "config/process_limits.h"
#include "observability/version.h"

namespace ginnel::app {
namespace {

/// What a command runs with.
struct Invocation {
  config::Configuration configuration;
  ImportArguments import;
  std::string journal;  ///< what to look at
  bool only_look = false;
  bool repair = false;
};

struct Command {
  std::string path;                     ///< `serve`, `config check`
  std::vector<std::string_view> areas;  ///< of the settings its help shows; all are taken
  std::function<int(const Invocation&)> run;
  bool needs_settings = true;
};

/// The command line as CLI11 fills it.
struct Words {
  std::vector<std::pair<const config::Setting*, std::vector<std::string>>> flags;
  std::string file;
  std::string import_kind;
  Invocation invocation;
};

int print_faults(const std::vector<std::string>& faults) {
  for (const std::string& fault : faults) {
    std::cerr << "ginnel: " << fault << '\n';
  }
  return kWrongUsage;
}

int run_config_check(const Invocation& invocation) {
  std::size_t width = 0;
  for (const config::EffectiveValue& value : invocation.configuration.values) {
    width = std::max(width, value.setting->name.size());
  }
  for (const config::EffectiveValue& value : invocation.configuration.values) {
    std::cout << std::left << std::setw(static_cast<int>(width)) << value.setting->name << " = "
              << value.shown << "  (" << value.source << ")\n";
  }
  return kSuccess;
}

int run_config_docs(const Invocation&) {
  std::cout << config::configuration_page(config::settings_table());
  return kSuccess;
}

const std::vector<Command>& commands() {
  static const std::vector<Command> kCommands = {
      {"serve",
       {"http", "database", "links", "cache", "journal", "clicks", "shutdown", "log"},
       [](const Invocation& given) { return run_serve(given.configuration); }},
      {"migrate",
       {"database"},
       [](const Invocation& given) {
         return run_migrate(given.configuration.settings, given.only_look);
       }},
      {"import",
       {"database", "links"},
       [](const Invocation& given) {
         const Console console{std::cout, std::cerr, ::isatty(STDERR_FILENO) == 1};
         return run_import(given.import, given.configuration.settings, console);
       }},
      {"verify",
       {"database"},
       [](const Invocation& given) {
         return run_verify(given.configuration.settings, given.repair);
       }},
      {"journal inspect",
       {},
       [](const Invocation& given) { return run_journal_inspect(given.journal); },
       false},
      {"journal verify",
       {},
       [](const Invocation& given) { return run_journal_verify(given.journal); },
       false},
      {"journal replay",
       {"database", "journal", "clicks"},
       [](const Invocation& given) { return run_journal_replay(given.configuration.settings); }},
      {"config check", {}, run_config_check},
      {"config docs", {}, run_config_docs, false},
      {"version", {}, [](const Invocation&) { return run_version(); }, false},
  };
  return kCommands;
}

/// `--http.listen X`, as often as wanted, for every setting of the table.
void add_flags(CLI::App& app, const Command& command, Words& words) {
  const config::Table table = config::settings_table();
  app.add_option("--config", words.file, "A TOML file of settings; see docs/configuration.md")
      ->type_name("FILE");
  for (std::size_t i = 0; i < table.size(); ++i) {
    app.add_option("--" + std::string(table[i].name), words.flags[i].second)
        ->group("")  // shown by the footer, with default and environment
        ->allow_extra_args(false);
  }
  app.footer(config::settings_help(table, command.areas));
}

void add_import(CLI::App& app, Words& words) {
  app.add_option("WHAT", words.import_kind, "users, urls or events")
      ->required()
      ->check(CLI::IsMember({"users", "urls", "events"}));
  app.add_option("FILE", words.invocation.import.file, "A CSV file; - is the standard input")
      ->required();
  app.add_option("--rejects",
                 words.invocation.import.rejects,
                 "Where rows that were left out are written (default: FILE.rejected.csv)")
      ->type_name("FILE");
  app.add_flag("--dry-run", words.invocation.import.dry_run, "Only read and check");
  app.footer(kImportHelp + std::string("\n") + app.get_footer());
}

void add_journal(CLI::App& app, Words& words) {
  app.require_subcommand(1);
  const std::pair<const char*, const char*> looks[] = {
      {"inspect", "Print every click of a file or folder"},
      {"verify", "Check every checksum of a file or folder"}};
  for (const auto& [name, summary] : looks) {
    app.add_subcommand(name, summary)
        ->add_option("PATH", words.invocation.journal, "A segment, or a folder with segments")
        ->required();
  }
  app.add_subcommand("replay", "Store what waits, while the service does not run");
}

std::unique_ptr<CLI::App> make_parser(Words& words) {
  auto app = std::make_unique<CLI::App>("Ginnel shortens URLs: one binary, one file.", "ginnel");
  app->require_subcommand(1);
  app->set_version_flag("--version", "ginnel " + observability::version());
  app->get_formatter()->column_width(28);
  const std::vector<std::pair<std::string, std::string>> summaries = {
      {"serve", "Serve links and the API over HTTP"},
      {"migrate", "Bring the database up to date"},
      {"import", "Import users, urls or events from a CSV file"},
      {"verify", "Recount the statistics from the clicks"},
      {"journal", "Look at the clicks that wait on disk, or store them"},
      {"config", "Check or document the settings"},
      {"version", "Show what this binary is"}};
  for (const auto& [name, summary] : summaries) {
    app->add_subcommand(name, summary);
  }
  CLI::App* config = app->get_subcommand("config");
  config->require_subcommand(1);
  config->add_subcommand("check", "Print every setting with its value and where it comes from");
  config->add_subcommand("docs", "Print docs/configuration.md");
  app->get_subcommand("migrate")->add_flag(
      "--status", words.invocation.only_look, "Only show which migrations the database has");
  add_journal(*app->get_subcommand("journal"), words);
  app->get_subcommand("verify")->add_flag(
      "--repair", words.invocation.repair, "Put the counted figures in place of those that differ");
  for (const Command& command : commands()) {
    const auto space = command.path.find(' ');
    CLI::App* place = app->get_subcommand(command.path.substr(0, space));
    if (space != std::string::npos) {
      place = place->get_subcommand(command.path.substr(space + 1));
    }
    place->allow_extras();  // so that all unknown ones are reported, with the nearest known
    if (command.needs_settings) {
      add_flags(*place, command, words);
    }
  }
  add_import(*app->get_subcommand("import"), words);
  app->footer(
      "`ginnel COMMAND --help` shows a command's flags and settings. Every setting may also\n"
      "stand in the environment (GINNEL_HTTP_LISTEN) or in a file (ginnel.toml).");
  return app;
}

/// The command that was chosen.
const Command& chosen(const CLI::App& app) {
  const CLI::App* first = app.get_subcommands().front();
  const auto deeper = first->get_subcommands();
  const std::string path =
      deeper.empty() ? first->get_name() : first->get_name() + " " + deeper.front()->get_name();
  return *std::find_if(commands().begin(), commands().end(), [&](const Command& command) {
    return command.path == path;
  });
}

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

std::vector<std::string> unknown_words(const CLI::App& app) {
  const std::vector<std::string> known = flags_of(app);
  std::vector<std::string> faults;
  bool belongs_to_flag = false;  // the word after `--htp.listen` is its value, no fault of its own
  for (const std::string& word : app.remaining(true)) {
    const bool is_flag = word.starts_with("-");
    if (is_flag) {
      const std::string name = word.substr(0, word.find('='));
      faults.push_back("flag: " + name + ": no such flag" + config::suggestion(name, known));
    } else if (!belongs_to_flag) {
      faults.push_back("unexpected word: " + word);
    }
    belongs_to_flag = is_flag && word.find('=') == std::string::npos;
  }
  return faults;
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
  if (!words.file.empty()) {
    sources.file = words.file;
  }
  return sources;
}

transfer::Entity entity_of(std::string_view kind) noexcept {
  if (kind == "users") {
    return transfer::Entity::kUser;
  }
  return kind == "urls" ? transfer::Entity::kLink : transfer::Entity::kEvent;
}

/// The words of the command line, the last first as CLI11 wants them. `--name=` becomes two words:
/// CLI11 2.1 takes the next word for its value otherwise.
std::vector<std::string> reversed_words(int argc, char** argv) {
  std::vector<std::string> words;
  for (int i = argc - 1; i > 0; --i) {
    const std::string_view word(argv[i]);
    if (word.starts_with("--") && word.size() > 3 && word.find('=') == word.size() - 1) {
      words.emplace_back();
      words.emplace_back(word.substr(0, word.size() - 1));
    } else {
      words.emplace_back(word);
    }
  }
  return words;
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

/// A word that stands where a command belongs, or nothing.
std::string command_fault(const CLI::App& app) {
  std::vector<std::string> known;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    known.push_back(command->get_name());
  }
  const std::vector<std::string> unknown = app.remaining(false);
  if (known.empty() || unknown.empty()) {
    return {};
  }
  const std::string& first = unknown.front();
  return first.starts_with("-") ? first + ": flags follow the command, as in: ginnel serve " + first
                                : first + ": no such command" + config::suggestion(first, known);
}

/// What CLI11 could not understand. Its own sentences name neither hidden flags nor near commands.
std::string usage_fault(const CLI::App& app,
                        const CLI::ParseError& error,
                        const std::vector<std::string>& words) {
  std::string fault = command_fault(app);
  for (const CLI::App* chosen : app.get_subcommands()) {
    fault = fault.empty() ? command_fault(*chosen) : fault;
  }
  const std::string flag = flag_without_value(words);
  if (fault.empty() && !flag.empty()) {
    fault = "flag: " + flag + ": a value must follow";
  }
  return (fault.empty() ? error.what() : fault) + " (see ginnel --help)";
}

int run(const Command& command, Words& words, std::vector<std::string> faults) {
  if (command.needs_settings) {
    words.invocation.configuration = config::load(sources_of(words));
    config::limit_connections(words.invocation.configuration, config::raise_file_limit());
    for (const config::Fault& fault : words.invocation.configuration.faults) {
      faults.push_back(fault.text());
    }
  }
  if (!faults.empty()) {
    return print_faults(faults);
  }
  words.invocation.import.entity = entity_of(words.import_kind);
  return command.run(words.invocation);
}

}  // namespace

int run_command_line(int argc, char** argv) {
  Words words;
  for (const config::Setting& setting : config::settings_table()) {
    words.flags.push_back({&setting, {}});
  }
  const auto parser = make_parser(words);
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

}  // namespace ginnel::app
