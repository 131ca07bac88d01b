// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include "client/link_commands.h"
#include "client/user_commands.h"
#include "config/settings.h"

namespace ginnel::cli {

/// What `ginnel link ...` or `ginnel user ...` was told.
struct ClientArguments {
  client::LinkArguments link;
  client::UserArguments user;
  bool json = false;
};

/// Adds the commands below `link` and `user`, which `app` has, and what they take.
void add_client_commands(CLI::App& app, ClientArguments& arguments);

/// `link create`, and so on.
std::vector<std::string> client_commands();

/// Asks the server that the settings name and gives the exit status: 0 done, 1 refused, 2 something
/// was left unsaid, 3 no server answered.
int run_client_command(std::string_view path,
                       const ClientArguments& arguments,
                       const config::Settings& settings);

}  // namespace ginnel::cli
