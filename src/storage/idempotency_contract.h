// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "storage/store_contract.h"

namespace ginnel::storage {

/// What every store must do with creations that have an idempotency key.
class IdempotencyContract : public StoreContract {
 protected:
  /// A change made `second` seconds after the test's time zero, with the key `k`.
  change::Context keyed(std::int64_t second = 1, std::string request = "digest of it") {
    change::Context context = this->by(second);
    context.key = change::IdempotencyKey{"k", std::move(request)};
    return context;
  }

  Result<domain::User> insert_user(change::Context by, const std::string& name = "ada") {
    domain::UserDraft draft = {name, name + "@example.org"};
    return run_blocking_task(this->users().insert(std::move(draft), std::move(by)));
  }

  /// The same link each time but for its code, as a request for a random one gives.
  Result<domain::Link> insert_link(domain::UserId owner,
                                   const std::string& code,
                                   change::Context by) {
    auto draft = this->draft_of(owner, "abc123");
    draft.code = code;
    return run_blocking_task(this->links().insert(std::move(draft), std::move(by)));
  }

  Result<domain::Event> insert_event(const domain::Link& link, change::Context by) {
    domain::EventDraft draft;
    draft.link = link.id;
    draft.user = link.user;
    draft.type = "note";
    draft.details = R"({ "kept" : [1.50, "\u00e9"] })";
    return run_blocking_task(this->events().insert(std::move(draft), std::move(by)));
  }

  std::size_t user_count() {
    return run_blocking_task(this->users().list({}, {})).value().rows.size();
  }
};

}  // namespace ginnel::storage
