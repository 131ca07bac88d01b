// SPDX-License-Identifier: MIT
#pragma once

#include "base/task.h"
#include "http/router.h"
#include "service/link_service.h"

namespace ginnel::api {

/// `/urls`: see docs/api.md.
class LinkHandlers final {
 public:
  explicit LinkHandlers(service::LinkService& links) : links_(links) {}

  Task<http::Response> list(const http::Request& request);
  Task<http::Response> create(const http::Request& request);
  Task<http::Response> get(const http::Request& request, http::PathParameters path);
  Task<http::Response> change(const http::Request& request, http::PathParameters path);
  Task<http::Response> remove(const http::Request& request, http::PathParameters path);

 private:
  service::LinkService& links_;
};

}  // namespace ginnel::api
