// SPDX-License-Identifier: MIT
#include "storage/sqlite/rows/trail.h"

#include <optional>
#include <utility>

namespace ginnel::storage::sqlite {

Result<Done> add_audit(Connection& database, const domain::AuditEntry& entry) {
  return database.run(
      "INSERT INTO audit (at, who, request_id, action, entity, entity_id, before, after) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      stored(entry.at),
      entry.who,
      entry.request_id,
      entry.action,
      entry.entity,
      entry.entity_id,
      entry.before,
      entry.after);
}

Result<Done> add_event(Connection& database, const domain::Event& event) {
  // Not with RETURNING, for which SQLite makes a temporary table.
  auto drawn = database.run("UPDATE sequences SET value = value + 1 WHERE name = 'event'");
  if (!drawn) {
    return drawn;
  }
  auto next = database.number("SELECT value FROM sequences WHERE name = 'event'");
  auto id = next ? new_id(*next) : std::move(next);
  if (!id) {
    return std::move(id).error();
  }
  return database.run(
      "INSERT INTO events (id, link_id, user_id, type, at, details, origin) "
      "VALUES (?, ?, ?, ?, ?, ?, ?)",
      *id,
      stored(event.link),
      stored(event.user),
      event.type,
      stored(event.at),
      event.details,
      static_cast<std::int64_t>(event.origin));
}

Result<std::int64_t> new_id(std::int64_t given) {
  if (given > domain::kMaxId) {
    return Error(ErrorKind::kInternal, "internal error", "no numbers are left for new rows");
  }
  return given;
}

}  // namespace ginnel::storage::sqlite
