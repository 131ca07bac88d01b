// SPDX-License-Identifier: MIT
#include "storage/sqlite/rows/event_store.h"

#include <string>
#include <utility>

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

}  // namespace

Task<Result<domain::Event>> EventStore::insert(domain::EventDraft draft, change::Context by) {
  const Deadline until = by.deadline;
  auto work = [draft = std::move(draft), by = std::move(by)](Transaction& transaction) {
    // Looked at and not taken, for an event that was made before takes none.
    auto id = transaction.database().number("SELECT value + 1 FROM sequences WHERE name = 'event'");
    return create<change::EventRow>(transaction, draft, std::move(id), by);
  };
  return engine_.change(std::move(work), until);
}

Task<Result<std::optional<domain::Event>>> EventStore::find(domain::EventId id, CallContext call) {
  auto work = [id](Connection& database) {
    return database.first(find_event_statement(), shown_event_of, id.value);
  };
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
    auto before = transaction.database().first(find_event_statement(), event_row_of, id.value);
    return update(transaction, std::move(before), change, by);
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
