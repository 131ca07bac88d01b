// SPDX-License-Identifier: MIT
#include "api/routes.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

#include "domain/reserved_codes.h"
#include "domain/short_code.h"
#include "support/memory_api.h"

namespace ginnel::api {
namespace {

class Routes : public testing::Test {
 protected:
  support::MemoryApi api_;
  const http::Router& router_ = api_.router();
};

TEST_F(Routes, ReserveTheirFirstSegments) {
  int checked = 0;
  for (const http::Route& route : router_.routes()) {
    const std::string first = route.pattern.substr(1, route.pattern.find('/', 1) - 1);
    if (!first.empty() && first.front() != '{') {
      EXPECT_TRUE(domain::is_reserved(first)) << first << " could be a link's code";
      ++checked;
    }
  }
  EXPECT_GT(checked, 30);
}

TEST_F(Routes, LeaveEveryOtherCodeToLinks) {
  for (const char* path : {"/abc", "/UeWfmJ", "/a-_9", "/health1"}) {
    const auto match = router_.match(http::Method::kGet, path);
    ASSERT_NE(match.route, nullptr) << path;
    EXPECT_EQ(match.route->pattern, "/{code}");
    EXPECT_TRUE(match.route->immediate) << "a redirect is answered without waiting";
  }
}

TEST_F(Routes, StandTwiceForClientsThatNameTheVersion) {
  for (const char* path : {"/users", "/urls/7", "/events/7", "/audit", "/urls/abc/redirect"}) {
    EXPECT_NE(router_.match(http::Method::kGet, path).route, nullptr) << path;
    EXPECT_NE(router_.match(http::Method::kGet, std::string("/v1") + path).route, nullptr) << path;
  }
  EXPECT_EQ(router_.match(http::Method::kGet, "/v1/health").route, nullptr);
  EXPECT_EQ(router_.match(http::Method::kGet, "/v1/metrics").route, nullptr);
}

/// A route that is not in this list asks for the caller's right, a new one too.
TEST_F(Routes, AreGuardedUnlessTheyAreHere) {
  const std::set<std::string> open = {"GET /",
                                      "GET /apispec.json",
                                      "GET /assets/{name}",
                                      "GET /docs",
                                      "GET /docs/",
                                      "GET /docs/{code}",
                                      "GET /favicon.ico",
                                      "GET /health",
                                      "GET /health/ready",
                                      "GET /health/serving",
                                      "GET /metrics",
                                      "GET /openapi.json",
                                      "GET /robots.txt",
                                      "GET /urls/{code}/redirect",
                                      "GET /v1/urls/{code}/redirect",
                                      "GET /{code}"};
  std::set<std::string> found;
  int guarded = 0;
  for (const http::Route& route : router_.routes()) {
    if (route.guarded) {
      EXPECT_FALSE(route.immediate) << route.pattern << " would be answered unasked";
      ++guarded;
    } else {
      found.insert(std::string(http::to_text(route.method)) + " " + route.pattern);
    }
  }
  EXPECT_EQ(found, open);
  EXPECT_EQ(static_cast<std::size_t>(guarded) + open.size(), router_.routes().size());
  std::printf("routes: %d guarded, %zu public\n", guarded, open.size());
}

/// Every GET route, with an id and a code that nothing has: each handler is called once.
TEST_F(Routes, LeadToHandlersThatAnswer) {
  int answered = 0;
  for (const http::Route& route : router_.routes()) {
    if (route.method != http::Method::kGet) {
      continue;
    }
    std::string path = route.pattern;
    for (const std::string braces : {"{id}", "{code}", "{name}"}) {
      if (const auto at = path.find(braces); at != std::string::npos) {
        path.replace(at, braces.size(), "77777");
      }
    }
    const auto response = api_.ask("GET " + path);
    const bool names_a_row = path != route.pattern;
    EXPECT_EQ(response.status, names_a_row ? 404 : 200) << path;
    ++answered;
  }
  std::printf("routes: %d of them answered a GET\n", answered);
}

}  // namespace
}  // namespace ginnel::api
