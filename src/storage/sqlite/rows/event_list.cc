// SPDX-License-Identifier: MIT
#include "storage/sqlite/rows/event_list.h"

#include "storage/sqlite/rows/trail.h"

namespace ginnel::storage::sqlite {

namespace {

// kShownClick has them as literals, for it is a constant.
static_assert(domain::kClickEventType == "redirect");
static_assert(static_cast<int>(domain::EventOrigin::kClick) == 3);

// The parameters of a statement; which others it has depends on its filters.
constexpr int kFirstFilter = 3;  ///< after ?1, the last id that is not wanted, and ?2, the limit

/// The condition on events. The first filter of link, user and type has the index that is to be
/// used: the plus signs keep SQLite from the others. A number that names nothing finds nothing, as
/// the events that hold it show null.
std::string event_condition(const EventQuery& query) {
  int parameter = kFirstFilter;
  const auto next = [&parameter] { return '?' + std::to_string(parameter++); };
  std::string sql = "WHERE e.id > ?1";
  if (query.link) {
    sql += " AND e.link_id = (SELECT id FROM links WHERE id = " + next() + ')';
  }
  if (query.user) {
    sql += query.link ? " AND +e.user_id" : " AND e.user_id";
    sql += " = (SELECT id FROM users WHERE id = " + next() + ')';
  }
  if (query.type) {
    sql += (query.link || query.user ? " AND +e.type = " : " AND e.type = ") + next();
  }
  return sql;
}

/// The same on clicks. A link keeps its owner, so that with both filters there are all of the
/// link's clicks or none: no need to look through those of a stranger's link.
std::string click_condition(const EventQuery& query) {
  std::string sql = "WHERE c.id > ?1";
  if (query.link && query.user) {
    sql += " AND c.link_id = (SELECT id FROM links WHERE id = ?3 AND user_id = ?4)";
  } else if (query.link) {
    sql += " AND c.link_id = (SELECT id FROM links WHERE id = ?3)";
  } else if (query.user) {
    sql += " AND c.user_id = (SELECT id FROM users WHERE id = ?3)";
  }
  return sql;
}

}  // namespace

domain::Event shown_event_of(const Row& row) {
  domain::Event event;
  event.id.value = row.integer(0);
  if (const auto link = row.optional_integer(1)) {
    event.link = domain::LinkId{*link};
  }
  if (const auto user = row.optional_integer(2)) {
    event.user = domain::UserId{*user};
  }
  event.type = row.text(3);
  event.at = timestamp_of(row.integer(4));
  event.details = row.text(5);
  event.origin = static_cast<domain::EventOrigin>(row.integer(6));
  return event;
}

std::string event_list_statement(const EventQuery& query) {
  std::string sql = kShownEvent + event_condition(query);
  if (!query.type || *query.type == domain::kClickEventType) {
    // Each half is read in the order of its ids and only as far as the other asks for.
    sql += " UNION ALL " + (kShownClick + click_condition(query));
  }
  return sql + " ORDER BY 1 LIMIT ?2";
}

const std::string& find_event_statement() {
  static const std::string kSql = [] {
    std::string sql = kShownEvent;
    sql += "WHERE e.id = ?1 UNION ALL ";
    sql += kShownClick;
    sql += "WHERE c.id = ?1";
    return sql;
  }();
  return kSql;
}

Result<Page<domain::Event>> list_events(Connection& database, const EventQuery& query) {
  const std::string sql = event_list_statement(query);
  Statement statement = database.prepare(sql);
  statement.bind(query.after.value);
  statement.bind(std::int64_t{query.limit} + 1);
  if (query.link) {
    statement.bind(query.link->value);
  }
  if (query.user) {
    statement.bind(query.user->value);
  }
  if (query.type) {
    statement.bind(std::string_view(*query.type));
  }
  return statement.page(shown_event_of, query);
}

change::EventRow event_row_of(const Row& row) {
  change::EventRow found;
  found.shown = shown_event_of(row);
  found.event = found.shown;
  if (const auto link = row.optional_integer(7)) {
    found.event.link = domain::LinkId{*link};
  }
  if (const auto user = row.optional_integer(8)) {
    found.event.user = domain::UserId{*user};
  }
  return found;
}

}  // namespace ginnel::storage::sqlite
