// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/embedded_file.h"
#include "base/result.h"
#include "storage/stores.h"

namespace ginnel::storage {

// Migrations are files, `0001_name.sql`, in the order of their numbers, in the binary. A database
// keeps of each that was applied its number, and a checksum of its text by which a later edit is
// found. What applies them is each database's own.

/// What a database keeps of a migration.
struct AppliedMigration {
  std::uint32_t number = 0;
  std::string checksum;
};

/// 1 and `0001_name` for `0001_name.sql`.
std::uint32_t migration_number(const base::EmbeddedFile& migration);
std::string migration_name(const base::EmbeddedFile& migration);

/// FNV-1a, 64 bits (http://www.isthe.com/chongo/tech/comp/fnv/), in hex: it finds edits, not
/// attackers.
std::string migration_checksum(std::string_view text);

/// Every migration in `files` and whether it is among the applied. Fails with kInvalid when the
/// database is newer than `files`, or when an applied migration was changed afterwards.
Result<std::vector<MigrationState>> states_of(std::span<const base::EmbeddedFile> files,
                                              std::span<const AppliedMigration> applied);

/// Whether the database has every migration.
bool all_applied(std::span<const MigrationState> states) noexcept;

/// What is said of a database that has not every migration where none may be applied.
Error lacks_migrations();

/// What is said when the table of the applied ones cannot be right.
Error lost_migrations();

/// What is said when one failed, for this reason.
Error failed_migration(const base::EmbeddedFile& migration, const Error& why);

}  // namespace ginnel::storage
