// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "base/task.h"
#include "http/router.h"

namespace ginnel::api {

/// What the health routes and /metrics ask of the process.
struct ProcessState {
  std::function<Task<Result<Done>>()> ping_database;
  std::function<bool()> serving;         ///< false while starting and draining
  std::function<std::string()> metrics;  ///< Prometheus' text format 0.0.4
};

/// `/health`, `/health/ready`, `/health/serving` and `/metrics`.
class HealthHandlers final {
 public:
  explicit HealthHandlers(ProcessState process) : process_(std::move(process)) {}

  Task<http::Response> alive() const;

  /// 200 when the database answers, 503 `{"status":"unavailable"}` otherwise: for people and
  /// alerts, never for a balancer.
  Task<http::Response> ready() const;

  /// 200 while redirects can be answered: for every probe and balancer.
  Task<http::Response> serving() const;

  Task<http::Response> metrics() const;

 private:
  ProcessState process_;
};

}  // namespace ginnel::api
