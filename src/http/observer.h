// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <string_view>

#include "http/request.h"
#include "http/router.h"

namespace ginnel::http {

/// A request and what was answered.
struct Exchange {
  const Request& request;  ///< incomplete when it could not be parsed
  const Route* route;      ///< null when nothing matched or nothing was parsed
  int status;
  std::chrono::nanoseconds duration;  ///< from its last byte read to its answer queued
  std::string_view detail;            ///< what only the log may know of a failure
};

/// Counts and logs what the server answers. Called on the loop of the connection, once for every
/// answer; must not wait, and on the hot path not allocate.
class ExchangeObserver {
 public:
  ExchangeObserver() = default;
  ExchangeObserver(const ExchangeObserver&) = delete;
  ExchangeObserver& operator=(const ExchangeObserver&) = delete;
  virtual ~ExchangeObserver() = default;

  virtual void answered(const Exchange& exchange) noexcept = 0;

  /// A handler ended by an exception: a defect. The client got 500.
  virtual void handler_failed(const Request& request, const char* what) noexcept = 0;

  /// The connections hold more than they may together, `limit` bytes; said each time it is passed.
  virtual void memory_used_up(std::size_t limit) noexcept = 0;
};

}  // namespace ginnel::http
