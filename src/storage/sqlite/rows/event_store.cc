// SPDX-License-Identifier: MIT
#include "storage/sqlite/rows/event_store.h"

#include <string>
#include <utility>
#include <variant>

#include "change/events.h"
#include "storage/sqlite/rows/change_writer.h"
#include "storage/sqlite/rows/event_list.h"
#include "storage/sqlite/rows/trail.h"

namespace ginnel::storage::sqlite {

namespace {

domain::AuditEntry audit_entry_of(const Row& row) {
  domain::AuditEntry entry;
  entry.id.value = row.integer(0);
  entry.at = timestamp_of(row.integer(1));
  entry.who = row.text(2);
  entry.request_id = row.text(3);
  entry.action = row.text(4);
  entry.entity = row.text(5);
  entry.entity_id = row.integer(6);
  entry.before = row.text(7);
  entry.after = row.text(8);
  return entry;
}

/// Whether there is what an event is to name, if it is to name one.
template <class Tag>
Result<bool> is_there(Connection& database,
                      std::string_view statement,
                      const std::optional<domain::Id<Tag>>& id) {
  return id ? database.exists(statement, id->value) : Result<bool>(true);
}

/// Fails with kNotFound when the link or the user is given and unknown.
Result<Done> check_names(Connection& database,
                         const std::optional<domain::LinkId>& link,
                         const std::optional<domain::UserId>& user) {
  const auto link_is_there = is_there(database, "SELECT 1 FROM links WHERE id = ?", link);
  const auto user_is_there = is_there(database, "SELECT 1 FROM users WHERE id = ?", user);
  if (!link_is_there || !user_is_there) {
    return link_is_there ? user_is_there.error() : link_is_there.error();
  }
  return change::check_names(*link_is_there, *user_is_there);
}

Result<domain::Event> insert_event(const Transaction& transaction,
                                   const domain::EventDraft& draft,
                                   const change::Context& by) {
  Connection& database = transaction.database();
  domain::Event event = domain::event_of(draft, by.at);
  auto earlier = find_earlier(database, by);
  if (!earlier) {
    return std::move(earlier).error();
  }
  if (*earlier) {
    return as_made(std::move(event), **earlier);
  }
  if (auto known = check_names(database, draft.link, draft.user); !known) {
    return std::move(known).error();
  }
  auto id = next_event_id(database);
  if (!id) {
    return std::move(id).error();
  }
  event.id = *id;
  if (auto done = write(transaction, change::create(event, by)); !done) {
    return std::move(done).error();
  }
  return event;
}

/// Why what is no event cannot be changed.
Error why_not_changed(Connection& database, domain::EventId id) {
  auto click = database.exists("SELECT 1 FROM clicks WHERE id = ?", id.value);
  return click ? change::event_not_found(*click) : std::move(click).error();
}

Result<domain::Event> change_event(const Transaction& transaction,
                                   domain::EventId id,
                                   const domain::EventChange& wanted,
                                   const change::Context& by) {
  static const std::string kSql = std::string(kShownEvent) + "WHERE e.id = ?";
  Connection& database = transaction.database();
  auto before = database.first(kSql, event_row_of, id.value);
  if (!before) {
    return std::move(before).error();
  }
  if (!*before) {
    return why_not_changed(database, id);
  }
  auto change = change::update(**before, wanted, by);
  if (!change) {
    return std::move(change).error();
  }
  if (!*change) {
    return std::move((*before)->shown);
  }
  auto done = check_names(database, wanted.link, wanted.user);
  if (done) {
    done = write(transaction, **change);
  }
  if (!done) {
    return std::move(done).error();
  }
  return std::get<change::EventRow>(std::move((*change)->row)).shown;
}

/// The event or click with this number, or nothing.
Result<std::optional<domain::Event>> find_event(Connection& database, domain::EventId id) {
  return database.first(find_event_statement(), shown_event_of, id.value);
}

}  // namespace

Task<Result<domain::Event>> EventStore::insert(domain::EventDraft draft, change::Context by) {
  const Deadline until = by.deadline;
  auto work = [draft = std::move(draft), by = std::move(by)](Transaction& transaction) {
    return insert_event(transaction, draft, by);
  };
  return engine_.change(std::move(work), until);
}

Task<Result<std::optional<domain::Event>>> EventStore::find(domain::EventId id, CallContext call) {
  auto work = [id](Connection& database) { return find_event(database, id); };
  return engine_.read(work, call.deadline);
}

Task<Result<Page<domain::Event>>> EventStore::list(EventQuery query, CallContext call) {
  auto work = [query = std::move(query)](Connection& database) {
    return list_events(database, query);
  };
  return engine_.read(std::move(work), call.deadline);
}

Task<Result<domain::Event>> EventStore::change(domain::EventId id,
                                               domain::EventChange change,
                                               change::Context by) {
  const Deadline until = by.deadline;
  auto work = [id, change = std::move(change), by = std::move(by)](Transaction& transaction) {
    return change_event(transaction, id, change, by);
  };
  return engine_.change(std::move(work), until);
}

Task<Result<Page<domain::AuditEntry>>> EventStore::audit(AuditQuery query, CallContext call) {
  auto work = [query](Connection& database) {
    Statement statement = database.prepare(
        "SELECT id, at, who, request_id, action, entity, entity_id, before, after FROM audit "
        "WHERE id > ? ORDER BY id LIMIT ?");
    statement.bind(query.after.value);
    statement.bind(std::int64_t{query.limit} + 1);
    return statement.page(audit_entry_of, query);
  };
  return engine_.read(work, call.deadline);
}

}  // namespace ginnel::storage::sqlite
