// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "client/console.h"
#include "client/rows.h"
#include "client/server.h"

namespace ginnel::client {

/// How much of a list is wanted.
struct ListArguments {
  std::uint32_t limit = 100;
  std::int64_t after = 0;  ///< only ids above
  bool all = false;        ///< however many there are
};

/// A list of the interface.
struct List {
  std::string path;     ///< `/urls`
  std::string filters;  ///< `&user_id=7`, or empty
  std::string_view of;  ///< `links`
  std::vector<Column> columns;
};

/// Writes a list page by page and says when there is more. Gives the exit status.
int write_list(Server& server, const Console& console, const List& list, ListArguments wanted);

}  // namespace ginnel::client
