// SPDX-License-Identifier: MIT
#pragma once

#include "storage/sqlite/engine/engine.h"
#include "storage/user_store.h"

namespace ginnel::storage::sqlite {

/// Users in SQLite.
class UserStore final : public storage::UserStore {
 public:
  /// `engine` must outlive this.
  explicit UserStore(Engine& engine) : engine_(engine) {}

  Task<Result<domain::User>> insert(domain::UserDraft draft, change::Context by) override;
  Task<Result<std::optional<domain::User>>> find(domain::UserId id, CallContext call) override;
  Task<Result<std::optional<domain::UserProfile>>> find_profile(domain::UserId id,
                                                                CallContext call) override;
  Task<Result<Page<domain::User>>> list(UserQuery query, CallContext call) override;
  Task<Result<domain::User>> change(domain::UserId id,
                                    domain::UserChange change,
                                    change::Context by) override;
  Task<Result<Done>> remove(domain::UserId id, change::Context by) override;

 private:
  Engine& engine_;
};

/// Columns of a user.
inline constexpr const char* kSelectUser = "SELECT id, username, email, created_at FROM users ";

/// What a row of these columns says.
domain::User user_of(const Row& row);

/// The user with this number, or nothing.
Result<std::optional<domain::User>> find_user(Connection& database, domain::UserId id);

/// The user with this name, or nothing. Where a row keeps the key of an older time, because another
/// has the one of today (domain::username_key), a name of its spelling is its own.
Result<std::optional<domain::UserId>> find_username(Connection& database, std::string_view name);

/// The user with this address, or nothing.
Result<std::optional<domain::UserId>> find_email(Connection& database, std::string_view email);

}  // namespace ginnel::storage::sqlite
