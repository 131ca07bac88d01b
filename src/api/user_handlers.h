// SPDX-License-Identifier: MIT
#pragma once

#include "base/task.h"
#include "http/router.h"
#include "service/user_service.h"

namespace ginnel::api {

/// `/users`: see docs/api.md.
class UserHandlers final {
 public:
  explicit UserHandlers(service::UserService& users) : users_(users) {}

  Task<http::Response> list(const http::Request& request);
  Task<http::Response> create(const http::Request& request);
  Task<http::Response> get(const http::Request& request, http::PathParameters path);
  Task<http::Response> change(const http::Request& request, http::PathParameters path);
  Task<http::Response> remove(const http::Request& request, http::PathParameters path);

 private:
  service::UserService& users_;
};

}  // namespace ginnel::api
