// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "change/context.h"
#include "domain/event.h"
#include "domain/ids.h"
#include "domain/timestamp.h"
#include "storage/sqlite/sqlite_connection.h"

namespace ginnel::storage {

/// What an audit row says of a change. `before` and `after` are JSON, or empty.
struct AuditRow {
  std::string_view action;
  std::string_view entity;
  std::int64_t entity_id = 0;
  std::string before;
  std::string after;
};

/// Adds a row to the audit trail.
Result<Done> add_audit(SqliteConnection& database, const change::Context& by, const AuditRow& row);

/// Adds an event under the next number of the sequence, which it gives; `event.id` is not looked
/// at.
Result<domain::EventId> add_event(SqliteConnection& database, const domain::Event& event);

/// The number of the row inserted last. Fails with kInternal past domain::kMaxId: an id that no
/// JSON reader keeps exactly must not be given out.
Result<std::int64_t> new_id(std::int64_t given);

/// How times are kept: microseconds since 1970.
inline std::int64_t stored(domain::Timestamp at) noexcept {
  return at.time_since_epoch().count();
}
inline domain::Timestamp timestamp_of(std::int64_t stored) noexcept {
  return domain::Timestamp(std::chrono::microseconds(stored));
}

/// An id that may be absent, as it is kept.
template <class Tag>
std::optional<std::int64_t> stored(const std::optional<domain::Id<Tag>>& id) {
  return id ? std::optional(id->value) : std::nullopt;
}

}  // namespace ginnel::storage
