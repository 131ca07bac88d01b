// SPDX-License-Identifier: MIT
#include "observability/metrics.h"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "observability/http_metrics.h"

namespace ginnel::observability {
namespace {

using namespace std::chrono_literals;

bool has_line(const std::string& page, const std::string& line) {
  return ("\n" + page).find("\n" + line + "\n") != std::string::npos;
}

TEST(Metrics, ShowsFiguresWithTheirLabels) {
  Metrics metrics;
  metrics.add(
      {"ginnel_x_total", "Some x.", MetricKind::kCounter, {{"a", "q\"\\\n"}}, [] { return 3.0; }});
  metrics.add(
      {"ginnel_x_total", "Some x.", MetricKind::kCounter, {{"a", "r"}}, [] { return 4.0; }});
  const std::string page = metrics.render();
  EXPECT_TRUE(has_line(page, "# HELP ginnel_x_total Some x."));
  EXPECT_TRUE(has_line(page, "# TYPE ginnel_x_total counter"));
  EXPECT_TRUE(has_line(page, "ginnel_x_total{a=\"q\\\"\\\\\\n\"} 3")) << page;
  EXPECT_TRUE(has_line(page, "ginnel_x_total{a=\"r\"} 4"));
}

TEST(Metrics, KnowsTheProcess) {
  const std::string page = Metrics().render();
  for (const char* name : {"process_cpu_seconds_total",
                           "process_resident_memory_bytes",
                           "process_virtual_memory_bytes",
                           "process_open_fds",
                           "process_max_fds",
                           "process_threads",
                           "process_start_time_seconds"}) {
    const auto line = page.find(std::string("\n") + name + " ");
    ASSERT_NE(line, std::string::npos) << name;
    EXPECT_GE(std::stod(page.substr(line + std::string(name).size() + 2)), 0.0) << name;
  }
  EXPECT_NE(page.find("ginnel_build_info{compiler="), std::string::npos);
}

TEST(HttpMetrics, CountsByRouteMethodAndStatus) {
  HttpMetrics http({"/{code}", "/users"}, {"GET", "POST"}, 2);
  http.record(0, 0, 0, 302, 50us);
  http.record(1, 0, 0, 302, 300us);
  http.record(1, 1, 1, 201, 20s);
  http.record(0, 2, 0, 404, 1us);
  http.record(0, 2, 0, 777, 1us);
  Metrics metrics;
  metrics.add(http);
  const std::string page = metrics.render();
  EXPECT_TRUE(has_line(
      page, "ginnel_http_requests_total{method=\"GET\",route=\"/{code}\",status=\"302\"} 2"))
      << page;
  EXPECT_TRUE(has_line(
      page, "ginnel_http_requests_total{method=\"POST\",route=\"/users\",status=\"201\"} 1"));
  EXPECT_TRUE(has_line(
      page, "ginnel_http_requests_total{method=\"GET\",route=\"unmatched\",status=\"404\"} 1"));
  EXPECT_TRUE(has_line(
      page, "ginnel_http_requests_total{method=\"GET\",route=\"unmatched\",status=\"599\"} 1"));
  EXPECT_TRUE(has_line(
      page, "ginnel_http_request_seconds_bucket{method=\"GET\",route=\"/{code}\",le=\"0.0001\"} 1"))
      << page;
  EXPECT_TRUE(has_line(
      page,
      "ginnel_http_request_seconds_bucket{method=\"GET\",route=\"/{code}\",le=\"0.0005\"} 2"));
  EXPECT_TRUE(has_line(
      page, "ginnel_http_request_seconds_bucket{method=\"POST\",route=\"/users\",le=\"10\"} 0"));
  EXPECT_TRUE(has_line(
      page, "ginnel_http_request_seconds_bucket{method=\"POST\",route=\"/users\",le=\"+Inf\"} 1"));
  EXPECT_TRUE(
      has_line(page, "ginnel_http_request_seconds_count{method=\"GET\",route=\"/{code}\"} 2"));
}

TEST(HttpMetrics, ShowsOnlyWhatHappened) {
  HttpMetrics http({"/{code}"}, {"GET"}, 1);
  Metrics metrics;
  metrics.add(http);
  EXPECT_EQ(metrics.render().find("/{code}"), std::string::npos);
}

TEST(HttpMetrics, LosesNothingWhilePagesAreMade) {
  constexpr int kRequests = 200'000;
  HttpMetrics http({"/{code}"}, {"GET"}, 2);
  std::atomic<int> running{2};
  std::vector<std::thread> cores;
  for (std::size_t core = 0; core < 2; ++core) {
    cores.emplace_back([&, core] {
      for (int i = 0; i < kRequests; ++i) {
        http.record(core, 0, 0, 302, 50us);
      }
      --running;
    });
  }
  int pages = 0;
  do {
    static_cast<void>(http.Collect());
    ++pages;
  } while (running > 0);
  for (std::thread& core : cores) {
    core.join();
  }
  EXPECT_EQ(http.Collect()[0].metric[0].counter.value, 2.0 * kRequests);
  std::printf("http metrics: %d requests, %d pages meanwhile\n", 2 * kRequests, pages);
}

}  // namespace
}  // namespace ginnel::observability
