// SPDX-License-Identifier: MIT
#include "cli/command_tree.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "cli/doctor_command.h"
#include "config/document.h"
#include "observability/version.h"

namespace ginnel::cli {
namespace {

/// Second names of settings where a server is asked.
struct ShorterFlag {
  std::string_view setting;
  std::string name;
  const char* value;
  const char* meaning;
};

const ShorterFlag kShorterFlags[] = {
    {"client.server", "--server", "URL", "The server to ask (default: the one of http.listen)"},
    {"api.key", "--api-key", "KEY", "What to show it"}};

constexpr const char* kCompletionsHelp =
    "For this user, once a new shell is started:\n"
    "  bash  ginnel completions bash > ~/.local/share/bash-completion/completions/ginnel\n"
    "  zsh   ginnel completions zsh > a folder of $fpath, as _ginnel\n"
    "  fish  ginnel completions fish > ~/.config/fish/completions/ginnel.fish\n"
    "`cmake --install build/release` puts them and the manual page where all users have them.\n";

/// `--http.listen X`, as often as wanted, for every setting of the table.
void add_flags(CLI::App& app, const Command& command, Words& words) {
  const config::Table table = config::settings_table();
  app.add_option("--config", words.file, "A TOML file of settings; see docs/configuration.md")
      ->type_name("FILE");
  const bool asks_a_server = std::ranges::count(command.areas, "client") > 0;
  for (std::size_t i = 0; i < table.size(); ++i) {
    const std::string name = "--" + std::string(table[i].name);
    const auto* const shorter =
        std::find_if(std::begin(kShorterFlags), std::end(kShorterFlags), [&](const auto& flag) {
          return asks_a_server && flag.setting == table[i].name;
        });
    const bool is_shown = shorter != std::end(kShorterFlags);
    const bool matters = std::ranges::count(command.areas, table[i].area()) > 0;
    const std::string meaning(matters ? table[i].meaning : "");
    app.add_option(is_shown ? shorter->name + ("," + name) : name, words.flags[i].second)
        ->description(is_shown ? shorter->meaning : meaning)
        ->type_name(is_shown ? shorter->value : "TEXT")
        ->group(is_shown ? "Options" : "")  // the footer shows them, with default and environment
        ->allow_extra_args(false);
  }
}

void add_kind(CLI::App& app, Words& words) {
  app.add_option("WHAT", words.kind, "users, urls or events")
      ->required()
      ->check(CLI::IsMember({"users", "urls", "events"}));
}

void add_import(CLI::App& app, Words& words) {
  add_kind(app, words);
  app.add_option("FILE", words.invocation.import.file, "A CSV file; - is the standard input")
      ->required();
  app.add_option("--rejects",
                 words.invocation.import.rejects,
                 "Where rows that were left out are written (default: FILE.rejected.csv)")
      ->type_name("FILE");
  app.add_flag("--dry-run", words.invocation.import.dry_run, "Only tell what would be done");
  app.add_flag("--through-server",
               words.invocation.import.through_server,
               "Let the server that has the database import it, whole or not at all")
      ->excludes("--dry-run", "--rejects");
  app.footer(kImportHelp);
}

void add_export(CLI::App& app, Words& words) {
  add_kind(app, words);
  app.add_option("FILE", words.invocation.exports.file, "Where to; - is the standard output")
      ->capture_default_str();
  app.add_flag("--without-clicks", words.without_clicks, "Leave redirects out of the events");
  app.add_flag("--spreadsheet-safe",
               words.invocation.exports.plan.spreadsheet_safe,
               "Write no cell that a spreadsheet runs as a formula");
  app.footer(kExportHelp);
}

void add_backup(CLI::App& app, Words& words) {
  app.add_option("FILE", words.invocation.backup.file, "The backup that is made")->required();
  app.add_flag("--force", words.invocation.backup.force, "Replace an earlier backup");
  app.footer(kBackupHelp);
}

void add_restore(CLI::App& app, Words& words) {
  app.add_option("FILE", words.invocation.backup.file, "A backup")->required();
  app.footer(kRestoreHelp);
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

CLI::App& place_of(CLI::App& app, const Command& command) {
  const auto space = command.path.find(' ');
  CLI::App* const place = app.get_subcommand(command.path.substr(0, space));
  return space == std::string::npos ? *place
                                    : *place->get_subcommand(command.path.substr(space + 1));
}

}  // namespace

std::unique_ptr<CLI::App> make_parser(Words& words) {
  auto app = std::make_unique<CLI::App>("Ginnel shortens URLs: one binary, one file.", "ginnel");
  app->require_subcommand(1);
  app->set_version_flag("--version", "ginnel " + observability::version());
  app->get_formatter()->column_width(28);
  struct Summary {
    const char* group;
    const char* name;
    const char* text;
  };
  constexpr Summary kSummaries[] = {
      {"Serve", "serve", "Serve links and the API over HTTP"},
      {"Serve", "demo", "Serve 2,000 links that are in this binary, to try it"},
      {"Serve", "doctor", "Find what is wrong here, and what cures it"},
      {"Serve", "config", "Check or document the settings"},
      {"Links", "link", "Make, list, change and count links of a server"},
      {"Links", "user", "Make, list and delete users of a server"},
      {"Rows", "import", "Import users, urls or events from a CSV file"},
      {"Rows", "export", "Export users, urls or events as CSV"},
      {"Database", "backup", "Copy the database to a file, while it is served"},
      {"Database", "restore", "Put a backup in the database's place"},
      {"Database", "migrate", "Bring the database up to date"},
      {"Database", "verify", "Recount the statistics from the clicks"},
      {"Database", "journal", "Look at the clicks that wait on disk, or store them"},
      {"About", "version", "Show what this binary is"},
      {"About", "man", "Print the manual page: ginnel man | man -l -"},
      {"About", "completions", "Print a shell's completions"}};
  for (const Summary& summary : kSummaries) {
    app->add_subcommand(summary.name, summary.text)->group(summary.group);
  }
  CLI::App* config = app->get_subcommand("config");
  config->require_subcommand(1);
  config->add_subcommand("check", "Print every setting with its value and where it comes from");
  config->add_subcommand("docs", "Print docs/configuration.md");
  app->get_subcommand("migrate")->add_flag(
      "--status", words.invocation.only_look, "Only show which migrations the database has");
  add_journal(*app->get_subcommand("journal"), words);
  app->get_subcommand("completions")
      ->add_option("SHELL", words.invocation.shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  app->get_subcommand("completions")->footer(kCompletionsHelp);
  add_client_commands(*app, words.invocation.client);
  app->get_subcommand("verify")->add_flag(
      "--repair", words.invocation.repair, "Put the counted figures in place of those that differ");
  for (const Command& command : commands()) {
    CLI::App& place = place_of(*app, command);
    place.allow_extras();  // so that all unknown ones are reported, with the nearest known
    if (command.path.find(' ') != std::string::npos) {
      place.group("Subcommands");  // not under the heading of the command that they are of
    }
    if (command.needs_settings) {
      add_flags(place, command, words);
    }
  }
  app->get_subcommand("demo")
      ->add_option("FILE", words.invocation.demo, "The demo's database")
      ->capture_default_str();
  app->get_subcommand("demo")->footer(kDemoHelp);
  app->get_subcommand("doctor")->add_flag("--json", words.invocation.json, "Print one document");
  app->get_subcommand("doctor")->footer(kDoctorHelp);
  add_import(*app->get_subcommand("import"), words);
  add_export(*app->get_subcommand("export"), words);
  add_backup(*app->get_subcommand("backup"), words);
  add_restore(*app->get_subcommand("restore"), words);
  app->footer(
      "`ginnel COMMAND --help` shows a command's flags and settings. Every setting may also\n"
      "stand in the environment (GINNEL_HTTP_LISTEN) or in a file (ginnel.toml).");
  return app;
}

void show_settings(CLI::App& app) {
  for (const Command& command : commands()) {
    CLI::App& place = place_of(app, command);
    std::string help = place.get_footer();
    const std::string settings = config::settings_help(config::settings_table(), command.areas);
    help += help.empty() || settings.empty() ? "" : "\n";
    place.footer(help.append(settings));
  }
}

std::vector<CommandDoc> documented_commands() {
  Words words;
  return describe(*make_parser(words));
}

}  // namespace ginnel::cli
