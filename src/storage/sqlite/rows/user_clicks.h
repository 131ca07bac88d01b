// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "base/result.h"
#include "domain/click.h"
#include "storage/click_store.h"
#include "storage/sqlite/engine/connection.h"

namespace ginnel::storage::sqlite {

/// A row of user_clicks: what the clicks on a user's links come to.
struct UserClicks {
  std::int64_t clicks = 0;
  domain::Timestamp last_at;

  friend bool operator==(const UserClicks&, const UserClicks&) = default;
};

/// What is kept of a user, and what a count of the clicks gives; nothing where there is none.
struct ComparedUser {
  std::int64_t user = 0;
  std::optional<UserClicks> kept;
  std::optional<UserClicks> counted;
};

/// Adds what more clicks on a user's links come to, inside a transaction.
Result<Done> add_user_clicks(Connection& database, std::int64_t user, const UserClicks& more);

/// Counts every user's clicks and calls `visit` with each user, in the order of their numbers.
Result<Done> compare_user_clicks(Connection& database,
                                 const std::function<void(const ComparedUser&)>& visit);

/// What `ginnel verify` says of a user whose two sides differ.
RollupFault user_clicks_fault(const ComparedUser& user);

/// Puts a count of the clicks in the place of what is kept, inside a transaction.
Result<Done> recount_user_clicks(Connection& database);

}  // namespace ginnel::storage::sqlite
