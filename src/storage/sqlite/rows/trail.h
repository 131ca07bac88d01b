// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "domain/event.h"
#include "domain/ids.h"
#include "domain/timestamp.h"
#include "storage/sqlite/engine/connection.h"

namespace ginnel::storage::sqlite {

/// Adds a row to the audit trail, which gives it its number.
Result<Done> add_audit(Connection& database, const domain::AuditEntry& entry);

/// Adds an event under the next number of events and clicks; `event.id` is not looked at. Fails as
/// `new_id`.
Result<Done> add_event(Connection& database, const domain::Event& event);

/// A number for a new row. Fails with kInternal past domain::kMaxId: an id that no
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

}  // namespace ginnel::storage::sqlite
