// SPDX-License-Identifier: MIT
#pragma once

#include "base/task.h"
#include "http/client_address.h"
#include "http/router.h"
#include "service/redirect_service.h"

namespace ginnel::api {

/// `GET /{code}` and `GET /urls/{code}/redirect`. Nobody may keep an answer: every change of a link
/// shows on the next visit.
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
