// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "base/result.h"
#include "change/change.h"
#include "domain/event.h"
#include "storage/event_store.h"
#include "storage/sqlite/engine/connection.h"

namespace ginnel::storage::sqlite {

/// Events and clicks in the order of their ids, of one state of the database.
Result<Page<domain::Event>> list_events(Connection& database, const EventQuery& query);

/// Finds the event or click with the number that is its parameter.
const std::string& find_event_statement();

/// Columns of an event as it is shown, without the numbers of what is gone; `e` is a row of events.
inline constexpr const char* kShownEvent =
    "SELECT e.id, l.id, u.id, e.type, e.at, e.details, e.origin, e.link_id, e.user_id "
    "FROM events AS e "
    "LEFT JOIN links AS l ON l.id = e.link_id "
    "LEFT JOIN users AS u ON u.id = e.user_id ";

/// The same of `c`, a row of clicks.
inline constexpr const char* kShownClick =
    "SELECT c.id, l.id, u.id, 'redirect', c.at, json_object('short_code', c.code), 3, c.link_id, "
    "c.user_id "
    "FROM clicks AS c "
    "LEFT JOIN links AS l ON l.id = c.link_id "
    "LEFT JOIN users AS u ON u.id = c.user_id ";

/// What a row of these columns says: as it is shown, and with what is kept.
domain::Event shown_event_of(const Row& row);
change::EventRow event_row_of(const Row& row);

}  // namespace ginnel::storage::sqlite
