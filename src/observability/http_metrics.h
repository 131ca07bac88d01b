// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

namespace ginnel::observability {

/// Counts requests and how long they took: `ginnel_http_requests_total` by method, route and
/// status, `ginnel_http_request_seconds` by method and route.
///
/// The route is its pattern, never a path that a client sent, so the number of series is bounded.
/// Each core has counters of its own, which only its loop changes: counting is an addition, without
/// a lock or a locked instruction. A page sums the cores.
class HttpMetrics final : public prometheus::Collectable {
 public:
  /// Upper bounds of the histogram's buckets, in microseconds; more go to +Inf.
  static constexpr std::array<std::uint64_t, 16> kBoundsMicros = {100,
                                                                  250,
                                                                  500,
                                                                  1'000,
                                                                  2'500,
                                                                  5'000,
                                                                  10'000,
                                                                  25'000,
                                                                  50'000,
                                                                  100'000,
                                                                  250'000,
                                                                  500'000,
                                                                  1'000'000,
                                                                  2'500'000,
                                                                  5'000'000,
                                                                  10'000'000};

  /// `routes` are the patterns by index, `methods` the methods' names by index. An index of
  /// routes.size() or more is counted as `unmatched`.
  HttpMetrics(std::vector<std::string> routes, std::vector<std::string> methods, std::size_t cores);
  ~HttpMetrics() override;

  /// Called on the loop of `core` only.
  void record(std::size_t core,
              std::size_t route,
              std::size_t method,
              int status,
              std::chrono::nanoseconds duration) noexcept;

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  /// The statuses this server sends; any other is counted as the last, 599.
  static constexpr std::array<std::uint16_t, 25> kStatuses = {
      200, 201, 204, 302, 304, 308, 400, 401, 403, 404, 405, 408, 409,
      410, 412, 413, 414, 415, 422, 429, 431, 500, 501, 503, 599};
  using Counter = std::atomic<std::uint64_t>;

  /// What was counted of one method of one route on one core.
  struct Series {
    std::array<Counter, kBoundsMicros.size() + 1> buckets{};
    Counter nanoseconds{0};
    std::array<Counter, kStatuses.size()> statuses{};
  };

  /// The same of all cores together.
  struct Sums {
    std::array<std::uint64_t, kBoundsMicros.size() + 1> buckets{};
    std::uint64_t nanoseconds = 0;
    std::array<std::uint64_t, kStatuses.size()> statuses{};
    std::uint64_t requests = 0;
  };

  static std::size_t status_index(int status) noexcept;
  Sums sums_of(std::size_t series) const noexcept;

  std::vector<std::string> routes_;
  std::vector<std::string> methods_;
  std::vector<std::vector<Series>> cores_;  ///< by core, then route * methods + method
};

}  // namespace ginnel::observability
