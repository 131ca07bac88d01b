// SPDX-License-Identifier: MIT
#include "service/user_service.h"

#include <utility>

#include "domain/text.h"
#include "service/change_context.h"

namespace ginnel::service {
namespace {

void trim(std::string& text) {
  text = std::string(domain::trimmed(text));
}

}  // namespace

Task<Result<domain::User>> UserService::create(domain::UserDraft draft, Caller caller) {
  trim(draft.username);
  trim(draft.email);
  return users_.insert(std::move(draft), context_of(std::move(caller)));
}

Task<Result<domain::User>> UserService::get(domain::UserId id) {
  auto user = co_await users_.find(id);
  if (!user) {
    co_return std::move(user).error();
  }
  if (!user->has_value()) {
    co_return Error(ErrorKind::kNotFound, "User not found");
  }
  co_return std::move(**user);
}

Task<Result<std::vector<domain::User>>> UserService::list(storage::UserQuery query) {
  return users_.list(query);
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
