// SPDX-License-Identifier: MIT
#include "storage/migrations.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>
#include <utility>

namespace ginnel::storage {
namespace {

std::optional<Error> fault_of(const AppliedMigration& applied,
                              std::span<const base::EmbeddedFile> files) {
  for (const base::EmbeddedFile& file : files) {
    if (migration_number(file) != applied.number) {
      continue;
    }
    if (migration_checksum(file.contents) != applied.checksum) {
      return Error(ErrorKind::kInvalid,
                   "migration " + migration_name(file) +
                       " was changed after it was applied to this database: use the ginnel that "
                       "applied it");
    }
    return std::nullopt;
  }
  return Error(ErrorKind::kInvalid,
               "the database was made by a newer ginnel (it has migration " +
                   std::to_string(applied.number) + ", this one knows " +
                   std::to_string(files.size()) + "): use that version");
}

}  // namespace

std::string migration_checksum(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char character : text) {
    hash = (hash ^ static_cast<unsigned char>(character)) * 0x100000001b3;
  }
  std::string hex(16, '0');
  for (std::size_t digit = hex.size(); digit > 0; hash >>= 4) {
    hex[--digit] = "0123456789abcdef"[hash & 0xf];
  }
  return hex;
}

std::uint32_t migration_number(const base::EmbeddedFile& migration) {
  std::uint32_t number = 0;
  std::from_chars(migration.name.data(), migration.name.data() + migration.name.size(), number);
  return number;
}

std::string migration_name(const base::EmbeddedFile& migration) {
  return std::string(migration.name.substr(0, migration.name.find(".sql")));
}

Result<std::vector<MigrationState>> states_of(std::span<const base::EmbeddedFile> files,
                                              std::span<const AppliedMigration> applied) {
  std::vector<MigrationState> states;
  states.reserve(files.size());
  for (const base::EmbeddedFile& file : files) {
    states.push_back(MigrationState{migration_number(file), migration_name(file), false});
  }
  for (const AppliedMigration& migration : applied) {
    if (auto fault = fault_of(migration, files)) {
      return std::move(*fault);
    }
    for (MigrationState& state : states) {
      state.applied = state.applied || state.number == migration.number;
    }
  }
  return states;
}

bool all_applied(std::span<const MigrationState> states) noexcept {
  return std::ranges::all_of(states, &MigrationState::applied);
}

Error lacks_migrations() {
  return Error(ErrorKind::kInvalid, "the database lacks migrations: run `ginnel migrate`");
}

Error lost_migrations() {
  return Error(ErrorKind::kInvalid,
               "the database's table schema_migrations is gone or lacks rows, so nobody knows "
               "what is to be migrated: restore a backup");
}

Error failed_migration(const base::EmbeddedFile& migration, const Error& why) {
  return Error(
      ErrorKind::kInternal, "migration " + migration_name(migration) + " failed", why.detail);
}

}  // namespace ginnel::storage
