// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include <boost/json.hpp>

#include "client/rows.h"

namespace ginnel::client {

/// The columns in which `ginnel link stats` shows figures of all kinds: what, value, clicks,
/// humans, visitors.
std::vector<Column> stats_columns();

/// The document of `/urls/{id}/stats` as rows of these columns: the total, the periods that have
/// clicks, then each list. An unknown value is `(unknown)`.
boost::json::array stats_rows(const boost::json::object& stats);

}  // namespace ginnel::client
