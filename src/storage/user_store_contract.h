// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "storage/store_contract.h"

namespace ginnel::storage {

/// What every UserStore must do.
class UserStoreContract : public StoreContract {
 protected:
  Result<domain::User> insert(const std::string& username, const std::string& email) {
    return run_blocking_task(this->users().insert(domain::UserDraft{username, email}, this->by(1)));
  }

  Result<domain::User> change(domain::UserId id, domain::UserChange change, std::int64_t second) {
    return run_blocking_task(this->users().change(id, std::move(change), this->by(second)));
  }

  Result<std::optional<domain::User>> find(domain::UserId id) {
    return run_blocking_task(this->users().find(id, {}));
  }

  /// The profile of a user who is there.
  domain::UserProfile profile(domain::UserId id) {
    auto found = run_blocking_task(this->users().find_profile(id, {}));
    EXPECT_TRUE(found && *found);
    return found && *found ? std::move(**found) : domain::UserProfile();
  }

  domain::User add_user_with(const std::string& metadata) {
    domain::UserDraft draft = {"ada", "ada@example.org", metadata};
    return run_blocking_task(this->users().insert(std::move(draft), this->by(1))).value();
  }

  static domain::UserChange to_metadata(const std::string& metadata) {
    domain::UserChange change;
    change.metadata = metadata;
    return change;
  }

  Result<Done> remove(domain::UserId id, std::int64_t second = 9) {
    return run_blocking_task(this->users().remove(id, this->by(second)));
  }

  Pages user_pages(UserQuery query) {
    return pages(std::move(query),
                 [this](const UserQuery& of) { return this->users().list(of, {}); });
  }

  std::vector<std::string> names(UserQuery query) {
    auto found = run_blocking_task(this->users().list(query, {}));
    EXPECT_TRUE(found);
    return each(found->rows, &domain::User::username);
  }
};

}  // namespace ginnel::storage
