// SPDX-License-Identifier: MIT
#include "app/request_recorder.h"

#include <string>
#include <utility>

namespace ginnel::app {
namespace {

using namespace std::chrono_literals;

/// An answer that took longer is always logged.
constexpr std::chrono::nanoseconds kSlow = 1s;

constexpr auto kBetweenMemoryLines = 1min;

constexpr std::size_t kUnmatched = static_cast<std::size_t>(-1);

/// Redirects, answered at once or not: visitors come in numbers, and so do those who guess codes.
bool is_redirect(const http::Exchange& exchange) noexcept {
  return exchange.route != nullptr && exchange.route->immediate;
}

/// Probes and scrapes come every few seconds and say nothing when all is well.
bool is_probe(const http::Route& route) noexcept {
  return route.pattern.starts_with("/health") || route.pattern == "/metrics";
}

}  // namespace

RequestRecorder::RequestRecorder(observability::Log& log,
                                 observability::HttpMetrics& metrics,
                                 ProxyNotice& notice,
                                 http::TrustedProxies proxies,
                                 std::uint32_t redirects_one_in,
                                 std::size_t cores)
    : log_(log),
      metrics_(metrics),
      notice_(notice),
      proxies_(std::move(proxies)),
      redirects_one_in_(redirects_one_in),
      countdowns_(cores) {}

void RequestRecorder::began(const http::Request& request) noexcept {
  std::uint32_t& looks = countdowns_[request.core()].looks;
  if (looks > 0) {
    --looks;
    notice_.look(request.peer(), request);
  }
}

void RequestRecorder::answered(const http::Exchange& exchange) noexcept {
  const http::Request& request = exchange.request;
  const std::size_t route = exchange.route == nullptr ? kUnmatched : exchange.route->index;
  metrics_.record(request.core(),
                  route,
                  static_cast<std::size_t>(request.method()),
                  exchange.status,
                  exchange.duration);
  if (is_logged(exchange)) {
    notice_.look(request.peer(), request);
    log(exchange);
  }
}

bool RequestRecorder::is_logged(const http::Exchange& exchange) noexcept {
  if (exchange.status >= 500 || exchange.duration >= kSlow) {
    return true;
  }
  if (is_redirect(exchange)) {
    Countdown& countdown = countdowns_[exchange.request.core()];
    if (redirects_one_in_ == 0 || ++countdown.redirects < redirects_one_in_) {
      return false;
    }
    countdown.redirects = 0;
    return true;
  }
  return exchange.route == nullptr || !is_probe(*exchange.route);
}

void RequestRecorder::log(const http::Exchange& exchange) {
  const http::Request& request = exchange.request;
  const std::string client = to_text(http::client_address(request, proxies_));
  const std::string_view route =
      exchange.route == nullptr ? "" : std::string_view(exchange.route->pattern);
  const double milliseconds = std::chrono::duration<double, std::milli>(exchange.duration).count();
  const observability::Fields fields = {{"request_id", request.request_id()},
                                        {"method", http::to_text(request.method())},
                                        {"path", request.path()},
                                        {"route", route},
                                        {"status", exchange.status},
                                        {"duration_ms", milliseconds},
                                        {"client", client},
                                        {"detail", exchange.detail}};
  if (exchange.status == 500) {
    log_.error("request", fields);
  } else if (exchange.status > 500) {
    log_.warn("request", fields);
  } else {
    log_.info("request", fields);
  }
}

void RequestRecorder::handler_failed(const http::Request& request, const char* what) noexcept {
  log_.error("handler failed", {{"request_id", request.request_id()}, {"what", what}});
}

void RequestRecorder::memory_used_up(std::size_t limit) noexcept {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  auto due = next_memory_line_.load(std::memory_order_relaxed);
  const auto next = std::chrono::steady_clock::duration(now + kBetweenMemoryLines).count();
  if (now.count() >= due && next_memory_line_.compare_exchange_strong(due, next)) {
    log_.warn("memory for connections used up",
              {{"http.max_memory_bytes", limit},
               {"means",
                "the interface answers 503, the connections that hold most unsent are closed, "
                "redirects go on"}});
  }
}

}  // namespace ginnel::app
