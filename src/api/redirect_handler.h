// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "base/task.h"
#include "http/router.h"
#include "service/redirect_service.h"

namespace ginnel::api {

/// `GET /{code}` and `GET /urls/{code}/redirect`.
class RedirectHandler final {
 public:
  explicit RedirectHandler(service::RedirectService& redirects) : redirects_(redirects) {}

  /// Answers from this core's memory, or gives false.
  bool answer_hot(const http::Request& request,
                  const http::PathParameters& path,
                  http::Response& response) const;

  /// Asks further than memory.
  Task<http::Response> get(const http::Request& request, http::PathParameters path);

 private:
  service::RedirectService& redirects_;
};

}  // namespace ginnel::api
