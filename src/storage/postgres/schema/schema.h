// SPDX-License-Identifier: MIT
#pragma once

#include <libpq-fe.h>
#include <span>
#include <vector>

#include "base/call_context.h"
#include "base/embedded_file.h"
#include "base/result.h"
#include "domain/timestamp.h"
#include "storage/migrations.h"

namespace ginnel::storage::postgres {

// Our tables lie in the schema that the connection creates tables in: the first of its search_path
// that is there. They are to be the only ones there.

/// The migrations of this binary, in order.
std::span<const base::EmbeddedFile> all_migrations();

/// Every migration in `files` and whether the database has it. Fails as `states_of` does, and with
/// kInvalid when the schema has tables and none of ours.
Result<std::vector<MigrationState>> migration_states(PGconn& connection,
                                                     std::span<const base::EmbeddedFile> files,
                                                     Deadline until);

/// Applies what is missing, each migration in a transaction of its own, in which a process that
/// starts at the same time waits for it. Fails as migration_states does, and with kInternal, naming
/// the migration, when one fails.
Result<std::vector<MigrationState>> apply_migrations(PGconn& connection,
                                                     std::span<const base::EmbeddedFile> files,
                                                     domain::Timestamp at,
                                                     Deadline until);

}  // namespace ginnel::storage::postgres
