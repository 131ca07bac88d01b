// SPDX-License-Identifier: MIT
#include "service/user_service.h"

#include <utility>

#include "domain/visible_text.h"
#include "service/change_context.h"

namespace ginnel::service {
namespace {

void trim(std::string& text) {
  text = std::string(domain::without_invisible_ends(text));
}

/// What was found, or that there is none.
template <class Found>
Result<Found> found_or_fault(Result<std::optional<Found>> found) {
  if (!found) {
    return std::move(found).error();
  }
  if (!found->has_value()) {
    return Error(ErrorKind::kNotFound, "User not found");
  }
  return std::move(**found);
}

}  // namespace

Task<Result<domain::User>> UserService::create(domain::UserDraft draft, Caller caller) {
  const auto claim = running_.claim(caller);
  if (!claim) {
    co_return claim.error();
  }
  trim(draft.username);
  trim(draft.email);
  auto user = users_.insert(std::move(draft), context_of(std::move(caller)));
  co_return co_await std::move(user);
}

Task<Result<domain::User>> UserService::get(domain::UserId id) {
  auto user = co_await users_.find(id);
  co_return found_or_fault(std::move(user));
}

Task<Result<domain::UserProfile>> UserService::profile(domain::UserId id) {
  auto profile = co_await users_.find_profile(id);
  co_return found_or_fault(std::move(profile));
}

Task<Result<storage::Page<domain::User>>> UserService::list(storage::UserQuery query) {
  return users_.list(std::move(query));
}

Task<Result<domain::User>> UserService::change(domain::UserId id,
                                               domain::UserChange change,
                                               Caller caller) {
  if (change.username) {
    trim(*change.username);
  }
  if (change.email) {
    trim(*change.email);
  }
  return users_.change(id, std::move(change), context_of(std::move(caller)));
}

Task<Result<Done>> UserService::remove(domain::UserId id, Caller caller) {
  return users_.remove(id, context_of(std::move(caller)));
}

}  // namespace ginnel::service
