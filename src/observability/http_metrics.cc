// SPDX-License-Identifier: MIT
#include "observability/http_metrics.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace ginnel::observability {
namespace {

/// One core writes, any thread reads: no read-modify-write is needed.
void add(std::atomic<std::uint64_t>& counter, std::uint64_t amount) noexcept {
  counter.store(counter.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
}

template <class Counters, class Numbers>
void add_all(const Counters& counters, Numbers& sums) noexcept {
  for (std::size_t i = 0; i < sums.size(); ++i) {
    sums[i] += counters[i].load(std::memory_order_relaxed);
  }
}

}  // namespace

HttpMetrics::HttpMetrics(std::vector<std::string> routes,
                         std::vector<std::string> methods,
                         std::size_t cores)
    : routes_(std::move(routes)), methods_(std::move(methods)) {
  routes_.emplace_back("unmatched");
  for (std::size_t core = 0; core < cores; ++core) {
    cores_.emplace_back(routes_.size() * methods_.size());
  }
}

HttpMetrics::~HttpMetrics() = default;

void HttpMetrics::record(std::size_t core,
                         std::size_t route,
                         std::size_t method,
                         int status,
                         std::chrono::nanoseconds duration) noexcept {
  const std::size_t known = std::min(route, routes_.size() - 1);
  Series& series = cores_[core][known * methods_.size() + method];
  const auto nanoseconds = static_cast<std::uint64_t>(std::max<std::int64_t>(duration.count(), 0));
  std::size_t bucket = 0;
  while (bucket < kBoundsMicros.size() && nanoseconds > kBoundsMicros[bucket] * 1'000) {
    ++bucket;
  }
  add(series.buckets[bucket], 1);
  add(series.nanoseconds, nanoseconds);
  add(series.statuses[status_index(status)], 1);
}

std::size_t HttpMetrics::status_index(int status) noexcept {
  std::size_t index = 0;
  while (index + 1 < kStatuses.size() && kStatuses[index] != status) {
    ++index;
  }
  return index;
}

HttpMetrics::Sums HttpMetrics::sums_of(std::size_t series) const noexcept {
  Sums sums;
  for (const auto& core : cores_) {
    add_all(core[series].buckets, sums.buckets);
    add_all(core[series].statuses, sums.statuses);
    sums.nanoseconds += core[series].nanoseconds.load(std::memory_order_relaxed);
  }
  for (const std::uint64_t count : sums.buckets) {
    sums.requests += count;
  }
  return sums;
}

std::vector<prometheus::MetricFamily> HttpMetrics::Collect() const {
  prometheus::MetricFamily requests{
      "ginnel_http_requests_total", "Requests answered.", prometheus::MetricType::Counter, {}};
  prometheus::MetricFamily seconds{"ginnel_http_request_seconds",
                                   "From a request's last byte read to its answer queued.",
                                   prometheus::MetricType::Histogram,
                                   {}};
  for (std::size_t place = 0; place < routes_.size() * methods_.size(); ++place) {
    const Sums sums = sums_of(place);
    if (sums.requests == 0) {
      continue;
    }
    const std::vector<prometheus::ClientMetric::Label> labels = {
        {"method", methods_[place % methods_.size()]}, {"route", routes_[place / methods_.size()]}};
    for (std::size_t i = 0; i < kStatuses.size(); ++i) {
      if (sums.statuses[i] != 0) {
        prometheus::ClientMetric metric;
        metric.label = labels;
        metric.label.push_back({"status", std::to_string(kStatuses[i])});
        metric.counter.value = static_cast<double>(sums.statuses[i]);
        requests.metric.push_back(std::move(metric));
      }
    }
    prometheus::ClientMetric metric;
    metric.label = labels;
    metric.histogram.sample_count = sums.requests;
    metric.histogram.sample_sum = static_cast<double>(sums.nanoseconds) / 1e9;
    std::uint64_t cumulative = 0;
    for (std::size_t i = 0; i < sums.buckets.size(); ++i) {
      cumulative += sums.buckets[i];
      const double bound = i < kBoundsMicros.size() ? static_cast<double>(kBoundsMicros[i]) / 1e6
                                                    : std::numeric_limits<double>::infinity();
      metric.histogram.bucket.push_back({cumulative, bound});
    }
    seconds.metric.push_back(std::move(metric));
  }
  return {std::move(requests), std::move(seconds)};
}

}  // namespace ginnel::observability
