// SPDX-License-Identifier: MIT
#pragma once

#include "base/call_context.h"
#include "base/result.h"
#include "base/task.h"
#include "change/context.h"
#include "domain/event.h"
#include "service/running_keys.h"
#include "storage/event_store.h"

namespace ginnel::service {

/// What can be done with events and the audit trail. Errors are the store's; drafts and changes are
/// checked before.
class EventService final {
 public:
  explicit EventService(storage::EventStore& events) : events_(events) {}

  Task<Result<domain::Event>> create(domain::EventDraft draft, change::Context caller);
  /// Fails with kNotFound: `Event not found`.
  Task<Result<domain::Event>> get(domain::EventId id, CallContext call);
  Task<Result<storage::Page<domain::Event>>> list(storage::EventQuery query, CallContext call);
  Task<Result<domain::Event>> change(domain::EventId id,
                                     domain::EventChange change,
                                     change::Context caller);
  Task<Result<storage::Page<domain::AuditEntry>>> audit(storage::AuditQuery query,
                                                        CallContext call);

 private:
  storage::EventStore& events_;
  RunningKeys running_;
};

}  // namespace ginnel::service
