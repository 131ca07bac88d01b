// SPDX-License-Identifier: MIT
#include "cli/client_command.h"

#include <algorithm>
#include <cstdint>
#include <iostream>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/client_options.h"
#include "client/server.h"

namespace ginnel::cli {
namespace {

using client::Console;
using client::Server;

struct ClientCommand {
  std::string_view path;
  const char* summary;
  int (*run)(Server&, const Console&, const ClientArguments&);
  void (*add)(CLI::App&, ClientArguments&);
};

constexpr const char* kHelp =
    "Asks a running server (--server, GINNEL_SERVER), by its API key where it has one: give that "
    "by\n"
    "GINNEL_API_KEY or GINNEL_API_KEY_FILE, since every user of this machine can read --api-key.\n"
    "\n"
    "On a terminal a table is printed; otherwise a line a row with a tab between cells, in which "
    "a\n"
    "tab, line feed, carriage return and backslash are \\t, \\n, \\r and \\\\. --json prints what "
    "the\n"
    "server answered, as one document.\n"
    "\n"
    "Exit status: 0 done, 1 refused, with the reason, 2 wrong usage, 3 no server answered.\n";

void add_list(CLI::App& app, client::ListArguments& list, const char* after) {
  constexpr std::uint32_t kMost = 1'000'000;
  app.add_option("--limit", list.limit, "At most so many")
      ->type_name("N")
      ->check(CLI::Range(std::uint32_t{1}, kMost))
      ->capture_default_str();
  app.add_option("--after", list.after, after)->type_name("ID")->check(CLI::NonNegativeNumber);
  app.add_flag("--all", list.all, "However many there are");
}

void add_link_name(CLI::App& app, ClientArguments& arguments) {
  constexpr const char* kMeaning =
      "A code, an id or a short URL of that server; a code of digits alone as /2001";
  app.add_option("LINK", arguments.link.name, kMeaning)->required();
}

void add_user_name(CLI::App& app, ClientArguments& arguments) {
  app.add_option("USER", arguments.user.name, "A name or an id")->required();
}

void add_link_creation(CLI::App& app, ClientArguments& arguments) {
  app.add_option("URL", arguments.link.target, "Where the link leads; without a scheme: https")
      ->required();
  app.add_option("--code", arguments.link.code, "3 to 32 of 0-9 A-Z a-z - _ (default: random)")
      ->type_name("CODE");
  app.add_option("--title", arguments.link.title, "What it is called")->type_name("TEXT");
  app.add_option("--user", arguments.link.user, "Whose it is (default: the only user's)")
      ->type_name("NAME|ID");
}

void add_link_list(CLI::App& app, ClientArguments& arguments) {
  app.add_option("--user", arguments.link.user, "Only those of this user")->type_name("NAME|ID");
  app.add_option("--state", arguments.link.state, "Only those: active or disabled")
      ->type_name("STATE")
      ->check(CLI::IsMember({"active", "disabled"}));
  add_list(app, arguments.link.list, "Only ids above; with --newest, below");
  app.add_flag("--newest", arguments.link.list.newest, "The newest first");
  app.add_flag("--clicks",
               arguments.link.clicks,
               "With people's clicks of the last 30 days (a table of up to 100 has them)");
  app.add_flag("--short-urls", arguments.link.short_urls, "With short URLs (a table has them)");
}

void add_link_deletion(CLI::App& app, ClientArguments& arguments) {
  add_link_name(app, arguments);
  app.add_flag("--yes", arguments.link.yes, "Do not ask");
}

void add_link_stats(CLI::App& app, ClientArguments& arguments) {
  add_link_name(app, arguments);
  client::LinkArguments& link = arguments.link;
  app.add_option("--period", link.period, "hour, day, week or month (default: day)")
      ->type_name("PERIOD")
      ->check(CLI::IsMember({"hour", "day", "week", "month"}));
  app.add_option(
         "--from",
         link.from,
         "2026-11-25 or 2026-11-25T12:00:00, with Z or an offset or not (default: 30 periods)")
      ->type_name("TIME");
  app.add_option("--to", link.to, "The same; a date includes that day (default: now)")
      ->type_name("TIME");
  app.add_option("--time-zone", link.time_zone, "Europe/Berlin (default: UTC)")->type_name("ZONE");
  app.add_option("--values", link.values, "Values of each kind, the most clicked (default: 10)")
      ->type_name("N");
}

void add_user_creation(CLI::App& app, ClientArguments& arguments) {
  app.add_option("NAME", arguments.user.name, "At most 150 characters")->required();
  app.add_option("EMAIL", arguments.user.email, "An address")->required();
}

void add_user_list(CLI::App& app, ClientArguments& arguments) {
  add_list(app, arguments.user.list, "Only ids above");
}

void add_user_deletion(CLI::App& app, ClientArguments& arguments) {
  add_user_name(app, arguments);
  app.add_flag("--yes", arguments.user.yes, "Do not ask");
}

template <int (*run)(Server&, const Console&, const client::LinkArguments&)>
int of_links(Server& server, const Console& console, const ClientArguments& arguments) {
  return run(server, console, arguments.link);
}

template <int (*run)(Server&, const Console&, const client::UserArguments&)>
int of_users(Server& server, const Console& console, const ClientArguments& arguments) {
  return run(server, console, arguments.user);
}

constexpr ClientCommand kCommands[] = {
    {"link create", "Shorten a URL", of_links<client::create_link>, add_link_creation},
    {"link list",
     "List links, the oldest first unless told otherwise",
     of_links<client::list_links>,
     add_link_list},
    {"link show", "Show a link", of_links<client::show_link>, add_link_name},
    {"link enable", "Let a link lead on", of_links<client::enable_link>, add_link_name},
    {"link disable", "Answer 410 in a link's place", of_links<client::disable_link>, add_link_name},
    {"link delete", "Delete a link", of_links<client::delete_link>, add_link_deletion},
    {"link stats", "Show who followed a link", of_links<client::show_stats>, add_link_stats},
    {"user create", "Add a user", of_users<client::create_user>, add_user_creation},
    {"user list", "List users, the oldest first", of_users<client::list_users>, add_user_list},
    {"user show", "Show a user", of_users<client::show_user>, add_user_name},
    {"user delete",
     "Delete a user and the user's links",
     of_users<client::delete_user>,
     add_user_deletion}};

std::size_t terminal_width() {
  winsize size{};
  const bool is_known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return is_known ? size.ws_col : std::size_t{80};
}

Console console_for(const ClientArguments& arguments) {
  Console console{std::cin, std::cout, std::cerr};
  const bool is_terminal = ::isatty(STDOUT_FILENO) == 1;
  if (arguments.json) {
    console.format = client::Format::kJson;
  } else {
    console.format = is_terminal ? client::Format::kTable : client::Format::kTabs;
  }
  console.width = terminal_width();
  console.is_attended = ::isatty(STDIN_FILENO) == 1 && ::isatty(STDERR_FILENO) == 1;
  return console;
}

}  // namespace

void add_client_commands(CLI::App& app, ClientArguments& arguments) {
  for (const char* name : {"link", "user"}) {
    app.get_subcommand(name)->require_subcommand(1);
  }
  for (const ClientCommand& command : kCommands) {
    const auto space = command.path.find(' ');
    CLI::App* const parent = app.get_subcommand(std::string(command.path.substr(0, space)));
    CLI::App* const place =
        parent->add_subcommand(std::string(command.path.substr(space + 1)), command.summary);
    command.add(*place, arguments);
    place->add_flag("--json", arguments.json, "Print what the server answered");
    place->footer(kHelp);
  }
}

std::vector<std::string> client_commands() {
  std::vector<std::string> paths;
  for (const ClientCommand& command : kCommands) {
    paths.emplace_back(command.path);
  }
  return paths;
}

int run_client_command(std::string_view path,
                       const ClientArguments& arguments,
                       const config::Settings& settings) {
  const auto* const command = std::ranges::find(kCommands, path, &ClientCommand::path);
  Server server(client_options(settings), &std::cerr);
  return command->run(server, console_for(arguments), arguments);
}

}  // namespace ginnel::cli
