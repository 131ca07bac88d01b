// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "client/console.h"
#include "client/listing.h"
#include "client/server.h"

namespace ginnel::client {

/// What `ginnel user ...` was told.
struct UserArguments {
  std::string name;  ///< of a new user; otherwise a name or an id (named.h)
  std::string email;
  bool yes = false;  ///< nothing is asked
  ListArguments list;
};

/// The commands. Each gives the exit status (console.h).
int create_user(Server& server, const Console& console, const UserArguments& arguments);
int list_users(Server& server, const Console& console, const UserArguments& arguments);
int show_user(Server& server, const Console& console, const UserArguments& arguments);
int delete_user(Server& server, const Console& console, const UserArguments& arguments);

}  // namespace ginnel::client
