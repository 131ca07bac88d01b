// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "base/task.h"
#include "http/client_address.h"
#include "http/router.h"
#include "service/redirect_service.h"

namespace ginnel::api {

/// Not to be stored by anybody: every change of a link shows on the next visit (RFC 9111 5.2.2).
inline constexpr std::string_view kNotCached = "private, no-store";

/// `GET /{code}` and `GET /urls/{code}/redirect`.
class RedirectHandler final {
 public:
  /// Both must outlive it.
  RedirectHandler(service::RedirectService& redirects, const http::TrustedProxies& proxies)
      : redirects_(redirects), proxies_(proxies) {}

  /// Answers from this core's memory, or gives false.
  bool answer_hot(const http::Request& request,
                  const http::PathParameters& path,
                  http::Response& response) const;

  /// Asks further than memory.
  Task<http::Response> get(const http::Request& request, http::PathParameters path);

 private:
  void count(const http::Request& request, const clicks::FollowedLink& followed) const noexcept;

  service::RedirectService& redirects_;
  const http::TrustedProxies& proxies_;
};

}  // namespace ginnel::api
