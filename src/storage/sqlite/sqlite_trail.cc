// SPDX-License-Identifier: MIT
#include "storage/sqlite/sqlite_trail.h"

#include <optional>
#include <utility>

namespace ginnel::storage {

Result<Done> add_audit(SqliteConnection& database, const change::Context& by, const AuditRow& row) {
  return database.run(
      "INSERT INTO audit (at, who, request_id, action, entity, entity_id, before, after) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      stored(by.at),
      by.who,
      by.request_id,
      row.action,
      row.entity,
      row.entity_id,
      row.before,
      row.after);
}

Result<domain::EventId> add_event(SqliteConnection& database, const domain::Event& event) {
  auto next = database.number(
      "UPDATE sequences SET value = value + 1 WHERE name = 'event' RETURNING value");
  if (!next) {
    return std::move(next).error();
  }
  auto id = new_id(*next);
  if (!id) {
    return std::move(id).error();
  }
  auto done = database.run(
      "INSERT INTO events (id, link_id, user_id, type, at, details, origin) "
      "VALUES (?, ?, ?, ?, ?, ?, ?)",
      *id,
      stored(event.link),
      stored(event.user),
      event.type,
      stored(event.at),
      event.details,
      static_cast<std::int64_t>(event.origin));
  if (!done) {
    return std::move(done).error();
  }
  return domain::EventId{*id};
}

Result<std::int64_t> new_id(std::int64_t given) {
  if (given > domain::kMaxId) {
    return Error(ErrorKind::kInternal, "internal error", "no numbers are left for new rows");
  }
  return given;
}

}  // namespace ginnel::storage
