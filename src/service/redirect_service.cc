// SPDX-License-Identifier: MIT
#include "service/redirect_service.h"

#include <utility>

namespace ginnel::service {
namespace {

/// Whatever the store's trouble, it does not say that a code is unknown.
Error cannot_tell(Error error) {
  if (error.kind == ErrorKind::kTimeout || error.kind == ErrorKind::kUnavailable) {
    return error;
  }
  return {ErrorKind::kUnavailable,
          "The service cannot look this up right now",
          error.detail.empty() ? std::move(error.message) : std::move(error.detail)};
}

}  // namespace

cache::HotAnswer RedirectService::find_hot(std::string_view code) noexcept {
  return cache_.find_hot(code);
}

Task<Result<std::optional<domain::Redirect>>> RedirectService::resolve(std::string code) {
  auto found = co_await cache_.find(std::move(code));
  if (!found) {
    co_return cannot_tell(std::move(found).error());
  }
  co_return found;
}

void RedirectService::count(const clicks::FollowedLink& followed,
                            const clicks::Visit& visit) noexcept {
  recorder_.record(followed, visit);
}

}  // namespace ginnel::service
