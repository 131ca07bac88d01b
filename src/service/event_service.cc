// SPDX-License-Identifier: MIT
#include "service/event_service.h"

#include <utility>

namespace ginnel::service {

Task<Result<domain::Event>> EventService::create(domain::EventDraft draft, change::Context caller) {
  auto claim = running_.claim(caller);
  if (!claim) {
    co_return std::move(claim).error();
  }
  auto event = events_.insert(std::move(draft), std::move(caller));
  co_return co_await std::move(event);
}

Task<Result<domain::Event>> EventService::get(domain::EventId id, CallContext call) {
  auto event = co_await events_.find(id, std::move(call));
  if (!event) {
    co_return std::move(event).error();
  }
  if (!event->has_value()) {
    co_return Error(ErrorKind::kNotFound, "Event not found");
  }
  co_return std::move(**event);
}

Task<Result<storage::Page<domain::Event>>> EventService::list(storage::EventQuery query,
                                                              CallContext call) {
  return events_.list(std::move(query), std::move(call));
}

Task<Result<domain::Event>> EventService::change(domain::EventId id,
                                                 domain::EventChange change,
                                                 change::Context caller) {
  return events_.change(id, std::move(change), std::move(caller));
}

Task<Result<storage::Page<domain::AuditEntry>>> EventService::audit(storage::AuditQuery query,
                                                                    CallContext call) {
  return events_.audit(query, std::move(call));
}

}  // namespace ginnel::service
