// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "app/proxy_notice.h"
#include "http/client_address.h"
#include "http/observer.h"
#include "observability/http_metrics.h"
#include "observability/log.h"

namespace ginnel::app {

/// Looks by whom requests come, counts every answer, and logs those that somebody will look for.
///
/// Logged are all answers of the API, everything that failed or was slow, and of the other
/// redirects (unknown codes included) one in `redirects_one_in`; health probes and scrapes are not.
/// Each line carries the request id that the client got.
class RequestRecorder final : public http::ExchangeObserver {
 public:
  /// `log`, `metrics` and `notice` must outlive it.
  RequestRecorder(observability::Log& log,
                  observability::HttpMetrics& metrics,
                  ProxyNotice& notice,
                  http::TrustedProxies proxies,
                  std::uint32_t redirects_one_in,
                  std::size_t cores);

  void began(const http::Request& request) noexcept override;
  void answered(const http::Exchange& exchange) noexcept override;
  void handler_failed(const http::Request& request, const char* what) noexcept override;

  /// Logged once a minute at most.
  void memory_used_up(std::size_t limit) noexcept override;

 private:
  bool is_logged(const http::Exchange& exchange) noexcept;
  void log(const http::Exchange& exchange);

  /// The notice looks at so many requests of each core as they begin, and then at those that are
  /// logged.
  static constexpr std::uint32_t kFirstLooks = 64;

  /// Redirects since the last logged one and looks to go, each core's on a cache line of its own.
  struct alignas(64) Countdown {
    std::uint32_t redirects = 0;
    std::uint32_t looks = kFirstLooks;
  };

  observability::Log& log_;
  observability::HttpMetrics& metrics_;
  ProxyNotice& notice_;
  http::TrustedProxies proxies_;
  std::uint32_t redirects_one_in_;
  std::vector<Countdown> countdowns_;
  std::atomic<std::chrono::steady_clock::rep> next_memory_line_{0};
};

}  // namespace ginnel::app
