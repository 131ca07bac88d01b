// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "base/call_context.h"
#include "base/result.h"
#include "base/task.h"
#include "change/context.h"
#include "domain/user.h"
#include "service/running_keys.h"
#include "storage/user_store.h"

namespace ginnel::service {

/// What can be done with users. Errors are the store's; what is new in drafts and changes must have
/// passed `username_fault`, `email_fault` and `metadata_fault`; names and addresses lose what is
/// invisible around them here.
class UserService final {
 public:
  explicit UserService(storage::UserStore& users) : users_(users) {}

  Task<Result<domain::User>> create(domain::UserDraft draft, change::Context caller);
  /// Fails with kNotFound: `User not found`.
  Task<Result<domain::User>> get(domain::UserId id, CallContext call);
  /// Fails as `get` does.
  Task<Result<domain::UserProfile>> profile(domain::UserId id, CallContext call);
  Task<Result<storage::Page<domain::User>>> list(storage::UserQuery query, CallContext call);
  /// Changes the user who was read as `known`. A name or an address that is hers already stays byte
  /// for byte, whatever the rules of today; where it would not pass them, she must still be as
  /// `known`, or this fails with kPreconditionFailed.
  Task<Result<domain::User>> change(const domain::User& known,
                                    domain::UserChange change,
                                    change::Context caller);
  Task<Result<Done>> remove(domain::UserId id, change::Context caller);

 private:
  storage::UserStore& users_;
  RunningKeys running_;
};

}  // namespace ginnel::service
