// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "client/console.h"
#include "client/listing.h"
#include "client/server.h"

namespace ginnel::client {

/// What `ginnel link ...` was told. `name` is a code, an id or a short URL (named.h).
struct LinkArguments {
  std::string target;
  std::string code;
  std::string title;
  std::string user;  ///< a name or an id; empty: the only one there is, or in a list everybody
  std::string name;
  std::string state;  ///< `active`, `disabled`, or empty: both
  std::string period;
  std::string from;
  std::string to;
  std::string time_zone;
  std::string values;
  bool yes = false;         ///< nothing is asked
  bool clicks = false;      ///< a list has them, where it would not by itself
  bool short_urls = false;  ///< so
  ListArguments list;
};

/// The commands. Each gives the exit status (console.h).
int create_link(Server& server, const Console& console, const LinkArguments& arguments);
int list_links(Server& server, const Console& console, const LinkArguments& arguments);
int show_link(Server& server, const Console& console, const LinkArguments& arguments);
int enable_link(Server& server, const Console& console, const LinkArguments& arguments);
int disable_link(Server& server, const Console& console, const LinkArguments& arguments);
int delete_link(Server& server, const Console& console, const LinkArguments& arguments);
int show_stats(Server& server, const Console& console, const LinkArguments& arguments);

}  // namespace ginnel::client
