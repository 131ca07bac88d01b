// SPDX-License-Identifier: MIT
#pragma once

#include <libpq-fe.h>
#include <string>

#include "base/call_context.h"
#include "base/result.h"
#include "storage/postgres/engine/query.h"
#include "storage/postgres/engine/rows.h"

namespace ginnel::storage::postgres {

// For the start-up and for commands, which have nothing else to do: these block, until `until` at
// most. They fail as `fault_of` says; with kTimeout when it is too late, and then the connection is
// of no use any more.

/// Runs one query on a connection that is not in pipeline mode.
Result<Rows> execute(PGconn& connection, const Query& query, Deadline until);

/// Runs statements without parameters, in one transaction unless they make their own.
Result<Done> execute_script(PGconn& connection, const std::string& statements, Deadline until);

}  // namespace ginnel::storage::postgres
