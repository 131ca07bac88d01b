// SPDX-License-Identifier: MIT
#include "api/health_handlers.h"

#include <utility>

namespace ginnel::api {
namespace {

http::Response status_answer(bool good) {
  return good ? http::json(R"({"status":"ok"})") : http::json(R"({"status":"unavailable"})", 503);
}

}  // namespace

Task<http::Response> HealthHandlers::alive() const {
  co_return status_answer(true);
}

Task<http::Response> HealthHandlers::ready() const {
  const auto answered = co_await process_.ping_database();
  co_return status_answer(answered.has_value());
}

Task<http::Response> HealthHandlers::serving() const {
  co_return status_answer(process_.serving());
}

Task<http::Response> HealthHandlers::metrics() const {
  http::Response response;
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  response.body = process_.metrics();
  co_return response;
}

}  // namespace ginnel::api
