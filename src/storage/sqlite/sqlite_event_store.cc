// SPDX-License-Identifier: MIT
#include "storage/sqlite/sqlite_event_store.h"

#include <string>
#include <utility>

#include "domain/json_form.h"
#include "storage/sqlite/sqlite_event_list.h"
#include "storage/sqlite/sqlite_idempotency.h"
#include "storage/sqlite/sqlite_trail.h"

namespace ginnel::storage {

namespace {

/// An event, and what its row names even when it is gone.
struct KeptEvent {
  domain::Event shown;
  std::optional<std::int64_t> link;
  std::optional<std::int64_t> user;
};

KeptEvent kept_event_of(const SqliteRow& row) {
  return KeptEvent{shown_event_of(row), row.optional_integer(7), row.optional_integer(8)};
}

domain::AuditEntry audit_entry_of(const SqliteRow& row) {
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

/// Fails with kNotFound when the link or the user is given and unknown, asked in that order.
Result<Done> check_names(SqliteConnection& database,
                         const std::optional<domain::LinkId>& link,
                         const std::optional<domain::UserId>& user) {
  if (link) {
    auto known = database.exists("SELECT 1 FROM links WHERE id = ?", link->value);
    if (!known) {
      return std::move(known).error();
    }
    if (!*known) {
      return Error::about_field(ErrorKind::kNotFound, "url_id", "URL not found");
    }
  }
  if (user) {
    auto known = database.exists("SELECT 1 FROM users WHERE id = ?", user->value);
    if (!known) {
      return std::move(known).error();
    }
    if (!*known) {
      return Error::about_field(ErrorKind::kNotFound, "user_id", "User not found");
    }
  }
  return Done();
}

Result<domain::Event> insert_event(SqliteConnection& database,
                                   const domain::EventDraft& draft,
                                   const change::Context& by) {
  domain::Event event = domain::event_of(draft, by.at);
  auto earlier = find_earlier(database, by);
  if (!earlier) {
    return std::move(earlier).error();
  }
  if (*earlier) {
    event.id.value = (*earlier)->id;
    event.at = (*earlier)->at;
    return event;
  }
  if (auto known = check_names(database, draft.link, draft.user); !known) {
    return std::move(known).error();
  }
  auto id = add_event(database, event);
  if (!id) {
    return std::move(id).error();
  }
  event.id = *id;
  auto done =
      add_creation(database, by, AuditRow{"create", "event", event.id.value, {}, json_of(event)});
  if (!done) {
    return std::move(done).error();
  }
  return event;
}

KeptEvent changed(KeptEvent event, const domain::EventChange& change) {
  if (change.link) {
    event.shown.link = change.link;
    event.link = change.link->value;
  }
  if (change.user) {
    event.shown.user = change.user;
    event.user = change.user->value;
  }
  event.shown.type = change.type.value_or(event.shown.type);
  event.shown.details = change.details.value_or(event.shown.details);
  return event;
}

/// Why what is no event cannot be changed.
Error why_not_changed(SqliteConnection& database, domain::EventId id) {
  auto click = database.exists("SELECT 1 FROM clicks WHERE id = ?", id.value);
  if (!click) {
    return std::move(click).error();
  }
  if (*click) {
    return Error(ErrorKind::kConflict, "Redirect events cannot be changed");
  }
  return Error(ErrorKind::kNotFound, "Event not found");
}

Result<domain::Event> change_event(SqliteConnection& database,
                                   domain::EventId id,
                                   const domain::EventChange& change,
                                   const change::Context& by) {
  static const std::string kSql = std::string(kShownEvent) + "WHERE e.id = ?";
  auto before = database.first(kSql, kept_event_of, id.value);
  if (!before) {
    return std::move(before).error();
  }
  if (!*before) {
    return why_not_changed(database, id);
  }
  if (auto wanted = change::check_condition(by, (*before)->shown); !wanted) {
    return std::move(wanted).error();
  }
  if (auto known = check_names(database, change.link, change.user); !known) {
    return std::move(known).error();
  }
  const KeptEvent after = changed(**before, change);
  if (after.shown == (*before)->shown) {
    return after.shown;
  }
  auto done =
      database.run("UPDATE events SET link_id = ?, user_id = ?, type = ?, details = ? WHERE id = ?",
                   after.link,
                   after.user,
                   after.shown.type,
                   after.shown.details,
                   id.value);
  if (done) {
    const AuditRow row = {
        "update", "event", id.value, json_of((*before)->shown), json_of(after.shown)};
    done = add_audit(database, by, row);
  }
  if (!done) {
    return std::move(done).error();
  }
  return after.shown;
}

/// The event or click with this number, or nothing.
Result<std::optional<domain::Event>> find_event(SqliteConnection& database, domain::EventId id) {
  return database.first(find_event_statement(), shown_event_of, id.value);
}

}  // namespace

Task<Result<domain::Event>> SqliteEventStore::insert(domain::EventDraft draft, change::Context by) {
  auto work = [draft = std::move(draft), by = std::move(by)](SqliteTransaction& transaction) {
    return insert_event(transaction.database(), draft, by);
  };
  return engine_.change(std::move(work));
}

Task<Result<std::optional<domain::Event>>> SqliteEventStore::find(domain::EventId id) {
  auto work = [id](SqliteConnection& database) { return find_event(database, id); };
  return engine_.read(work);
}

Task<Result<Page<domain::Event>>> SqliteEventStore::list(EventQuery query) {
  auto work = [query = std::move(query)](SqliteConnection& database) {
    return list_events(database, query);
  };
  return engine_.read(std::move(work));
}

Task<Result<domain::Event>> SqliteEventStore::change(domain::EventId id,
                                                     domain::EventChange change,
                                                     change::Context by) {
  auto work = [id, change = std::move(change), by = std::move(by)](SqliteTransaction& transaction) {
    return change_event(transaction.database(), id, change, by);
  };
  return engine_.change(std::move(work));
}

Task<Result<Page<domain::AuditEntry>>> SqliteEventStore::audit(AuditQuery query) {
  auto work = [query](SqliteConnection& database) {
    SqliteStatement statement = database.prepare(
        "SELECT id, at, who, request_id, action, entity, entity_id, before, after FROM audit "
        "WHERE id > ? ORDER BY id LIMIT ?");
    statement.bind(query.after.value);
    statement.bind(std::int64_t{query.limit} + 1);
    return statement.page(audit_entry_of, query);
  };
  return engine_.read(work);
}

}  // namespace ginnel::storage
