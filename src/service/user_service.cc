// SPDX-License-Identifier: MIT
#include "service/user_service.h"

#include <utility>

#include "domain/visible_text.h"

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

Task<Result<domain::User>> UserService::create(domain::UserDraft draft, change::Context caller) {
  auto claim = running_.claim(caller);
  if (!claim) {
    co_return std::move(claim).error();
  }
  trim(draft.username);
  trim(draft.email);
  auto user = users_.insert(std::move(draft), std::move(caller));
  co_return co_await std::move(user);
}

Task<Result<domain::User>> UserService::get(domain::UserId id, CallContext call) {
  auto user = co_await users_.find(id, std::move(call));
  co_return found_or_fault(std::move(user));
}

Task<Result<domain::UserProfile>> UserService::profile(domain::UserId id, CallContext call) {
  auto profile = co_await users_.find_profile(id, std::move(call));
  co_return found_or_fault(std::move(profile));
}

Task<Result<storage::Page<domain::User>>> UserService::list(storage::UserQuery query,
                                                            CallContext call) {
  return users_.list(std::move(query), std::move(call));
}

Task<Result<domain::User>> UserService::change(const domain::User& known,
                                               domain::UserChange change,
                                               change::Context caller) {
  const bool keeps_name = change.username == known.username;
  const bool keeps_email = change.email == known.email;
  if (change.username && !keeps_name) {
    trim(*change.username);
  }
  if (change.email && !keeps_email) {
    trim(*change.email);
  }
  if ((keeps_name && !domain::is_todays_username(known.username)) ||
      (keeps_email && !domain::is_todays_email(known.email))) {
    caller = change::while_it_is(known, std::move(caller));
  }
  return users_.change(known.id, std::move(change), std::move(caller));
}

Task<Result<Done>> UserService::remove(domain::UserId id, change::Context caller) {
  return users_.remove(id, std::move(caller));
}

}  // namespace ginnel::service
