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

/// Hears what the server is asked and what it answers: to count, to log, to trace. Called on the
/// loop of the connection; must not wait, and on the hot path not allocate.
///
/// Of one connection it hears `began` and `answered` in turn. One `began` stands before every
/// answer, whoever gives it: a handler, the guard, or the parser that cannot read the request. One
/// whose client leaves before it is answered stays without.
class ExchangeObserver {
 public:
  ExchangeObserver() = default;
  ExchangeObserver(const ExchangeObserver&) = delete;
  ExchangeObserver& operator=(const ExchangeObserver&) = delete;
  virtual ~ExchangeObserver() = default;

  /// A request has its id, and its header is whole: neither its route nor who sends it is known
  /// yet, nor has a body come. One that cannot be parsed is incomplete, and answered at once.
  virtual void began(const Request& request) noexcept = 0;

  virtual void answered(const Exchange& exchange) noexcept = 0;

  /// A handler ended by an exception: a defect. The client got 500.
  virtual void handler_failed(const Request& request, const char* what) noexcept = 0;

  /// The connections hold more than they may together, `limit` bytes; said each time it is passed.
  virtual void memory_used_up(std::size_t limit) noexcept = 0;
};

}  // namespace ginnel::http
