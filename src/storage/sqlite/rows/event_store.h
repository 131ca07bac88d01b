// SPDX-License-Identifier: MIT
#pragma once

#include "storage/event_store.h"
#include "storage/sqlite/engine/engine.h"

namespace ginnel::storage {

/// Events and the audit trail in SQLite.
class SqliteEventStore final : public EventStore {
 public:
  /// `engine` must outlive this.
  explicit SqliteEventStore(SqliteEngine& engine) : engine_(engine) {}

  Task<Result<domain::Event>> insert(domain::EventDraft draft, change::Context by) override;
  Task<Result<std::optional<domain::Event>>> find(domain::EventId id) override;
  Task<Result<Page<domain::Event>>> list(EventQuery query) override;
  Task<Result<domain::Event>> change(domain::EventId id,
                                     domain::EventChange change,
                                     change::Context by) override;
  Task<Result<Page<domain::AuditEntry>>> audit(AuditQuery query) override;

 private:
  SqliteEngine& engine_;
};

}  // namespace ginnel::storage
