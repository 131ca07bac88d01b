// SPDX-License-Identifier: MIT
#pragma once

#include "base/task.h"
#include "http/router.h"
#include "service/stats_service.h"

namespace ginnel::api {

/// `GET /urls/{id}/stats`: see docs/api.md.
class StatsHandler final {
 public:
  explicit StatsHandler(service::StatsService& stats) : stats_(stats) {}

  Task<http::Response> get(const http::Request& request, http::PathParameters path);

 private:
  service::StatsService& stats_;
};

}  // namespace ginnel::api
