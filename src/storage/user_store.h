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
#include "domain/user.h"
#include "storage/page.h"

namespace ginnel::storage {

/// Which users to list, in ascending order of id.
struct UserQuery {
  domain::UserId after;      ///< only ids above
  std::uint64_t offset = 0;  ///< rows to pass over
  std::uint32_t limit = 20;
  std::optional<std::string> username = {};  ///< only who has this name (domain::username_key)
  std::size_t max_bytes = kMaxPageBytes;     ///< of the rows' texts, but one row at least
};

/// Where users live. One implementation for each database, chosen at start-up.
///
/// Safe to call from any loop; a call resumes on the executor it was awaited on. Every call fails
/// with kUnavailable when the database cannot be reached or its queue is full, and with kTimeout
/// after `StoreOptions::operation_timeout` or at CallContext::deadline, whichever comes first;
/// those two are not repeated below. An operation that changes something commits the row, its
/// events and its audit row together, or nothing. `change` and `remove` fail with
/// kPreconditionFailed where `by.condition` says no of the row that they find.
class UserStore {
 public:
  UserStore() = default;
  UserStore(const UserStore&) = delete;
  UserStore& operator=(const UserStore&) = delete;
  virtual ~UserStore() = default;

  /// With `by.key`: when the same was made under it in the last day, gives that as it was then and
  /// makes nothing, whatever became of it since; kKeyReused when something else was. The key is
  /// kept with the row, or not at all.
  /// Fails with kConflict when the name or the address is taken; `faults` names which.
  virtual Task<Result<domain::User>> insert(domain::UserDraft draft, change::Context by) = 0;

  /// The user, or nothing. Absence is an answer, not an error.
  virtual Task<Result<std::optional<domain::User>>> find(domain::UserId id, CallContext call) = 0;

  /// The user with metadata and figures, of one state of the database, or nothing. Takes a time
  /// that grows with the user's links, not with the events or the clicks.
  virtual Task<Result<std::optional<domain::UserProfile>>> find_profile(domain::UserId id,
                                                                        CallContext call) = 0;

  virtual Task<Result<Page<domain::User>>> list(UserQuery query, CallContext call) = 0;

  /// Gives the user as it is afterwards. Fails with kNotFound, and with kConflict as `insert` does.
  /// A change that changes nothing leaves no audit row. Metadata is replaced as a whole.
  virtual Task<Result<domain::User>> change(domain::UserId id,
                                            domain::UserChange change,
                                            change::Context by) = 0;

  /// Deletes the user and every link of his, with one `deleted` event for each link. Events stay,
  /// and show null where they named what is gone. Links of who has many may go before the user,
  /// some hundreds at a time, with their events: after a failure some are gone, and the call may be
  /// repeated. Fails with kNotFound; Stores::hurry breaks it off.
  virtual Task<Result<Done>> remove(domain::UserId id, change::Context by) = 0;
};

}  // namespace ginnel::storage
