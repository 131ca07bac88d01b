// SPDX-License-Identifier: MIT
#include "storage/sqlite/rows/event_list.h"

#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "storage/sqlite/clicks/click_lists.h"
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

/// Whose clicks a query asks for, if only some are. A link keeps its owner, so that with both
/// filters there are all of the link's clicks or none.
Result<std::vector<std::int64_t>> clicks_of(Connection& database, const EventQuery& query) {
  const auto integer = [](const Row& row) { return row.integer(0); };
  auto owner =
      query.link
          ? database.first("SELECT user_id FROM links WHERE id = ?", integer, query.link->value)
          : database.first("SELECT id FROM users WHERE id = ?", integer, query.user->value);
  if (!owner) {
    return std::move(owner).error();
  }
  if (!*owner || (query.user && **owner != query.user->value)) {
    return std::vector<std::int64_t>();
  }
  return find_clicks(database,
                     query.link ? ClickOwner::kLink : ClickOwner::kUser,
                     query.link ? query.link->value : query.user->value,
                     query.after.value,
                     std::size_t{query.limit} + 1);
}

/// `[1,2]`
std::string json_of(const std::vector<std::int64_t>& numbers) {
  std::string json = "[";
  for (const std::int64_t number : numbers) {
    json += (json.size() > 1 ? "," : "") + std::to_string(number);
  }
  return json + ']';
}

bool asks_for_clicks(const EventQuery& query) {
  return !query.type || *query.type == domain::kClickEventType;
}

bool asks_for_an_owner(const EventQuery& query) {
  return query.link || query.user;
}

/// How the clicks of a list are found.
enum class ClickSearch {
  kAll,       ///< it is a list of everybody's
  kInRange,   ///< most between the first and the last are the owner's: the others are passed over
  kByNumber,  ///< each by its number; SQLite makes a table of these
};

ClickSearch search_for(const EventQuery& query, const std::vector<std::int64_t>& clicks) {
  if (!asks_for_an_owner(query)) {
    return ClickSearch::kAll;
  }
  const bool are_dense = !clicks.empty() && clicks.back() - clicks.front() < 2 * std::ssize(clicks);
  return are_dense ? ClickSearch::kInRange : ClickSearch::kByNumber;
}

/// The text of a list's statement: one of some two dozen.
std::string event_list_statement(const EventQuery& query, ClickSearch search) {
  std::string sql = kShownEvent + event_condition(query);
  if (asks_for_clicks(query)) {
    // Each half is read in the order of its ids and only as far as the other asks for.
    sql += std::string(" UNION ALL ") + kShownClick;
    switch (search) {
      case ClickSearch::kAll:
        sql += "WHERE c.id > ?1";
        break;
      case ClickSearch::kInRange:
        sql += "WHERE c.id BETWEEN ? AND ? AND ";
        sql += query.link ? "c.link_id = ?" : "c.user_id = ?";
        break;
      case ClickSearch::kByNumber:
        sql += "WHERE c.id IN (SELECT value FROM json_each(?))";
    }
  }
  return sql + " ORDER BY 1 LIMIT ?2";
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
  const bool by_owner = asks_for_clicks(query) && asks_for_an_owner(query);
  std::optional<ReadTransaction> transaction;  // of the several statements that this takes
  if (by_owner && !transaction.emplace(database).begun()) {
    return transaction->begun().error();
  }
  auto clicks = by_owner ? clicks_of(database, query) : std::vector<std::int64_t>();
  if (!clicks) {
    return std::move(clicks).error();
  }
  const ClickSearch search = search_for(query, *clicks);
  const std::string sql = event_list_statement(query, search);
  const std::string json = search == ClickSearch::kByNumber ? json_of(*clicks) : std::string();
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
  if (search == ClickSearch::kInRange) {
    statement.bind(clicks->front());
    statement.bind(clicks->back());
    statement.bind(query.link ? query.link->value : query.user->value);
  } else if (by_owner) {
    statement.bind(std::string_view(json));
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
