// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/call_context.h"
#include "base/result.h"
#include "base/task.h"
#include "change/context.h"
#include "domain/event.h"
#include "storage/page.h"

namespace ginnel::storage {

/// Which events to list, in ascending order of id. A filter matches what is shown: events of a
/// deleted link show null and are not found by its number.
struct EventQuery {
  domain::EventId after;  ///< only ids above
  std::optional<domain::LinkId> link;
  std::optional<domain::UserId> user;
  std::optional<std::string> type;  ///< exactly this
  std::uint32_t limit = 100;
  std::size_t max_bytes = kMaxPageBytes;  ///< of the rows' texts, but one row at least
};

struct AuditQuery {
  domain::AuditId after;  ///< only ids above
  std::uint32_t limit = 100;
  std::size_t max_bytes = kMaxPageBytes;  ///< of the rows' texts, but one row at least
};

/// Where events and the audit trail live. What is said of UserStore about threads, errors and
/// transactions holds here too.
///
/// A client that goes on from the last id it was shown misses nothing, however many write and
/// whoever commits when: a list ends before the first id whose writer may still commit. So what is
/// written may be found by its id a moment before it is listed. Ids grow in the order in which they
/// are drawn; those of changes that were given up are left out.
class EventStore {
 public:
  EventStore() = default;
  EventStore(const EventStore&) = delete;
  EventStore& operator=(const EventStore&) = delete;
  virtual ~EventStore() = default;

  /// Adds a client's event. Fails with kNotFound; the message is `URL not found` or
  /// `User not found`, asked in that order, and `faults` names `url_id` or `user_id`.
  /// `by.key` as in UserStore::insert.
  virtual Task<Result<domain::Event>> insert(domain::EventDraft draft, change::Context by) = 0;

  virtual Task<Result<std::optional<domain::Event>>> find(domain::EventId id, CallContext call) = 0;

  virtual Task<Result<Page<domain::Event>>> list(EventQuery query, CallContext call) = 0;

  /// Amends an event; the audit row keeps what it was. The condition is asked of the event as it is
  /// shown. Fails with kNotFound: `Event not found`, `URL not found` or `User not found`.
  virtual Task<Result<domain::Event>> change(domain::EventId id,
                                             domain::EventChange change,
                                             change::Context by) = 0;

  virtual Task<Result<Page<domain::AuditEntry>>> audit(AuditQuery query, CallContext call) = 0;
};

}  // namespace ginnel::storage
