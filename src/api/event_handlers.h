// SPDX-License-Identifier: MIT
#pragma once

#include "base/task.h"
#include "http/router.h"
#include "service/event_service.h"

namespace ginnel::api {

/// `/events` and `/audit`: see docs/api.md.
class EventHandlers final {
 public:
  explicit EventHandlers(service::EventService& events) : events_(events) {}

  Task<http::Response> list(const http::Request& request);
  Task<http::Response> create(const http::Request& request);
  Task<http::Response> get(const http::Request& request, http::PathParameters path);
  Task<http::Response> change(const http::Request& request, http::PathParameters path);
  Task<http::Response> audit(const http::Request& request);

 private:
  service::EventService& events_;
};

}  // namespace ginnel::api
