// SPDX-License-Identifier: MIT
#pragma once

#include "base/task.h"
#include "http/router.h"
#include "service/link_service.h"
#include "service/stats_service.h"

namespace ginnel::api {

/// `GET /urls/{id}/stats`, by code too: see docs/api.md.
class StatsHandler final {
 public:
  StatsHandler(service::StatsService& stats, service::LinkService& links)
      : stats_(stats), links_(links) {}

  Task<http::Response> get(const http::Request& request, http::PathParameters path);

 private:
  service::StatsService& stats_;
  service::LinkService& links_;
};

}  // namespace ginnel::api
