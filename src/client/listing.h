// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "client/console.h"
#include "client/rows.h"
#include "client/server.h"

namespace ginnel::client {

/// How much of a list is wanted.
struct ListArguments {
  std::uint32_t limit = 100;
  std::int64_t after = 0;  ///< only ids that come later in the order; 0: from its beginning
  bool all = false;        ///< however many there are
  bool newest = false;     ///< in descending order of id
};

/// A list of the interface.
struct List {
  std::string path;     ///< `/urls`
  std::string filters;  ///< `&user_id=7`, or empty
  std::string_view of;  ///< `links`
  std::vector<Column> columns;
  std::function<Result<Done>(boost::json::array&)> complete = {};  ///< adds to the rows of a page
};

/// Writes a list page by page and says when there is more. Gives the exit status.
int write_list(Server& server, const Console& console, const List& list, ListArguments wanted);

}  // namespace ginnel::client
