// SPDX-License-Identifier: MIT
#pragma once

#include "storage/event_store.h"
#include "storage/sqlite/engine/engine.h"

namespace ginnel::storage::sqlite {

/// Events and the audit trail in SQLite.
class EventStore final : public storage::EventStore {
 public:
  /// `engine` must outlive this.
  explicit EventStore(Engine& engine) : engine_(engine) {}

  Task<Result<domain::Event>> insert(domain::EventDraft draft, change::Context by) override;
  Task<Result<std::optional<domain::Event>>> find(domain::EventId id, CallContext call) override;
  Task<Result<Page<domain::Event>>> list(EventQuery query, CallContext call) override;
  Task<Result<domain::Event>> change(domain::EventId id,
                                     domain::EventChange change,
                                     change::Context by) override;
  Task<Result<Page<domain::AuditEntry>>> audit(AuditQuery query, CallContext call) override;

 private:
  Engine& engine_;
};

}  // namespace ginnel::storage::sqlite
