// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/embedded_file.h"
#include "base/result.h"
#include "domain/timestamp.h"
#include "storage/examination.h"
#include "storage/migrations.h"
#include "storage/sqlite/engine/connection.h"
#include "storage/stores.h"

namespace ginnel::storage::sqlite {

/// "Ginn" in the header of every file of ours (PRAGMA application_id; see magic(5)).
inline constexpr std::int64_t kApplicationId = 0x47696e6e;

/// The migrations of this binary, in order: `0001_name.sql`, ...
std::span<const base::EmbeddedFile> all_migrations();

/// Fails with kInvalid when the file at `connection` was made by another program or is no SQLite
/// file. An empty file is fine. `path` names it in the message.
Result<Done> check_file_is_ours(Connection& connection, const std::string& path);

/// Every migration in `files` and whether the database has it.
///
/// Fails with kInvalid when the database is newer than `files`, or when an applied migration was
/// changed afterwards (its checksum differs).
Result<std::vector<MigrationState>> migration_states(Connection& connection,
                                                     std::span<const base::EmbeddedFile> files);

/// Applies what is missing, each migration in a transaction of its own. Fails as migration_states
/// does, and with kInternal, naming the migration, when one fails.
Result<std::vector<MigrationState>> apply_migrations(Connection& connection,
                                                     std::span<const base::EmbeddedFile> files,
                                                     domain::Timestamp at);

/// The tables, indexes and triggers that the migrations made, in their order, and the database at
/// `connection`, which has all of them, lacks or has otherwise.
Result<std::vector<SchemaPart>> missing_parts(Connection& connection);

}  // namespace ginnel::storage::sqlite
