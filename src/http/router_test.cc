// SPDX-License-Identifier: MIT
#include "http/router.h"

#include <stdexcept>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "http/problem.h"
#include "support/sent_request.h"

namespace ginnel::http {
namespace {

Handler nothing() {
  return [](const Request&, PathParameters) -> Task<Response> { co_return Response(); };
}

Router a_router() {
  Router router;
  router.add(Method::kGet, "/", nothing());
  router.add(Method::kGet, "/users", nothing());
  router.add(Method::kPost, "/users", nothing());
  router.add(Method::kGet, "/users/{id}", nothing());
  router.add(Method::kDelete, "/users/{id}", nothing());
  router.add(Method::kGet, "/urls/{code}/redirect", nothing());
  router.add(Method::kGet, "/{code}", nothing());
  return router;
}

TEST(Router, FindsLiteralsBeforeCodes) {
  const Router router = a_router();
  ASSERT_NE(router.match(Method::kGet, "/users").route, nullptr);
  EXPECT_EQ(router.match(Method::kGet, "/users").route->pattern, "/users");
  EXPECT_EQ(router.match(Method::kGet, "/userz").route->pattern, "/{code}");
  EXPECT_EQ(router.match(Method::kGet, "/").route->pattern, "/");
}

TEST(Router, GivesWhatTheBracesMatched) {
  const Router router = a_router();
  EXPECT_EQ(router.match(Method::kGet, "/users/0042").parameters[0], "0042");
  EXPECT_EQ(router.match(Method::kGet, "/urls/aB-_9/redirect").parameters[0], "aB-_9");
  EXPECT_EQ(router.match(Method::kGet, "/abc").parameters[0], "abc");
}

TEST(Router, AnIdIsDigitsOnlyAndMayBeLong) {
  const Router router = a_router();
  EXPECT_NE(router.match(Method::kGet, "/users/99999999999999999999999").route, nullptr);
  for (const char* path : {"/users/-1", "/users/abc", "/users/1/", "/users/", "/users/1x"}) {
    const auto match = router.match(Method::kGet, path);
    EXPECT_EQ(match.route, nullptr) << path;
    EXPECT_TRUE(match.allow.empty()) << path;
  }
}

/// A router with a fallback for paths in which a `!` stands.
Router a_router_that_falls_back() {
  Router router = a_router();
  router.set_fallback("/{code}", [](const PathParameters& rest) {
    return rest[0].find('!') != std::string_view::npos;
  });
  return router;
}

TEST(Router, FallsBackForPathsThatHaveNoRoute) {
  const Router router = a_router_that_falls_back();
  for (const char* path : {"/abc/!", "//abc!", "/!/b/c/d/e/f/g", "/users/!", "/urls//redirect!"}) {
    for (const Method method : {Method::kGet, Method::kHead}) {
      const auto match = router.match(method, path);
      ASSERT_NE(match.route, nullptr) << path;
      EXPECT_EQ(match.route->pattern, "/{code}") << path;
      EXPECT_EQ(match.parameters[0], std::string_view(path).substr(1));
    }
    EXPECT_EQ(router.match(Method::kPost, path).route, nullptr) << path;
    EXPECT_TRUE(router.match(Method::kPost, path).allow.empty()) << path;
  }
  for (const char* path : {"/abc/", "//users", "*", "!", ""}) {
    EXPECT_EQ(router.match(Method::kGet, path).route, nullptr) << path;
  }
  EXPECT_EQ(router.match(Method::kGet, "/urls/!/redirect").parameters[0], "!") << "it has a route";
}

TEST(Router, DoesNotFallBackToWhatIsNotThere) {
  Router router = a_router();
  EXPECT_THROW(router.set_fallback("/nowhere", {}), std::invalid_argument);
}

TEST(Router, ShowsErrorsToPeopleWhereNoProgramAsks) {
  Router router = a_router();
  router.add_public(Method::kGet, "/open/it", nothing());
  router.set_error_page([](const Request&, Response& error) { error.content_type = kHtml; });
  const auto is_shown = [&](const std::string& line) {
    const support::SentRequest request(line, "");
    auto error = problem(404, "Not found");
    router.show_error(*request, router.match(request->method(), request->path()).route, error);
    return error.content_type == kHtml;
  };
  for (const char* line : {"GET /open/it",
                           "POST /open/it",
                           "GET /open/x",
                           "GET //users",
                           "GET /a/b/c",
                           "GET /usersx/1",
                           "GET /a/b/c/d/e/f/g",
                           "GET //"}) {
    EXPECT_TRUE(is_shown(line)) << line;
  }
  for (const char* line : {"GET /users",
                           "PUT /users",
                           "GET /users/x",
                           "GET /users/",
                           "GET /urls/",
                           "GET /users/1/2/3/4/5/6/7"}) {
    EXPECT_FALSE(is_shown(line)) << line;
  }
}

TEST(Router, ShowsNoPageWhereAGuardedRouteBeginsThoughItLooksLikeACode) {
  Router router;
  router.add_public(Method::kGet, "/{code}", nothing());
  router.add(Method::kGet, "/v7/links/{id}", nothing());
  router.set_error_page([](const Request&, Response& error) { error.content_type = kHtml; });
  for (const auto& [line, is_page] : std::vector<std::pair<const char*, bool>>{{"GET /v7", false},
                                                                               {"GET /v7/", false},
                                                                               {"POST /v7", false},
                                                                               {"GET /v7x", true},
                                                                               {"GET /v", true}}) {
    const support::SentRequest request(line, "");
    auto error = problem(404, "Not found");
    router.show_error(*request, router.match(request->method(), request->path()).route, error);
    EXPECT_EQ(error.content_type == kHtml, is_page) << line;
  }
}

TEST(Router, ShowsAProblemDocumentToNobodyElse) {
  Router router = a_router();
  router.set_error_page([](const Request&, Response& error) { error.content_type = kHtml; });
  auto error = problem(404, "Not found");
  error.content_type = "application/problem+json";
  router.show_error(*support::SentRequest("GET /a/b", ""), nullptr, error);
  EXPECT_EQ(error.content_type, "application/problem+json");
}

TEST(Router, HasRoutesThatTakeABodyWhileItComes) {
  Router router = a_router();
  router.add_streaming(
      Method::kPost, "/users/bulk", 1u << 30, [](const Request&, BodyStream&) -> Task<Response> {
        co_return Response();
      });
  const auto match = router.match(Method::kPost, "/users/bulk");
  ASSERT_NE(match.route, nullptr);
  EXPECT_TRUE(match.route->streaming);
  EXPECT_EQ(match.route->max_body_bytes, 1u << 30);
  EXPECT_EQ(router.match(Method::kGet, "/users/bulk").allow, "POST, OPTIONS");
}

TEST(Router, HeadIsServedWhereGetIs) {
  const Router router = a_router();
  EXPECT_EQ(router.match(Method::kHead, "/users").route->method, Method::kGet);
}

TEST(Router, NamesTheMethodsOfAPathThatHasAnother) {
  const Router router = a_router();
  EXPECT_EQ(router.match(Method::kPut, "/users").allow, "GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(router.match(Method::kPost, "/users/7").allow, "GET, HEAD, DELETE, OPTIONS");
  EXPECT_EQ(router.match(Method::kOther, "/abc").allow, "GET, HEAD, OPTIONS");
}

TEST(Router, KnowsNothingOfDeeperPaths) {
  const Router router = a_router();
  EXPECT_EQ(router.match(Method::kGet, "/a/b/c/d/e/f/g/h").route, nullptr);
  EXPECT_EQ(router.match(Method::kGet, "").route, nullptr);
  EXPECT_EQ(router.match(Method::kGet, "*").route, nullptr);
  EXPECT_EQ(router.match(Method::kGet, "//").route, nullptr);
}

TEST(Router, AsksItsGuardUnlessARouteIsPublic) {
  Router router;
  router.add(Method::kGet, "/users", nothing());
  router.add_public(Method::kGet, "/health", nothing());
  const support::SentRequest request("GET /users", "Name: ada\r\n");
  const Route& guarded = *router.match(Method::kHead, "/users").route;
  const Route& open = *router.match(Method::kGet, "/health").route;
  EXPECT_EQ(router.admit(guarded, *request)->name, "") << "nobody is asked without a guard";

  router.set_guard("Name", [](const Request& r) {
    return Principal{std::string(r.field("Name").value_or("")), Rights::kManage};
  });
  EXPECT_EQ(router.admit(guarded, *request)->name, "ada");
  EXPECT_EQ(router.admit(open, *request)->name, "");
  EXPECT_EQ(router.admit(open, *request)->rights, Rights::kVisit);

  router.set_guard("Name", [](const Request&) -> Result<Principal> {
    return Error(ErrorKind::kUnauthorized, "no");
  });
  EXPECT_FALSE(router.admit(guarded, *request));
  EXPECT_TRUE(router.admit(open, *request));
}

TEST(Router, AdmitsNobodyWithoutTheRightsToAGuardedRoute) {
  Router router;
  router.add(Method::kGet, "/users", nothing());
  router.set_guard("Name", [](const Request&) { return Principal{"ada", Rights::kVisit}; });
  const support::SentRequest request("GET /users", "");
  const auto admitted = router.admit(*router.match(Method::kGet, "/users").route, *request);
  ASSERT_FALSE(admitted);
  EXPECT_EQ(admitted.error().kind, ErrorKind::kForbidden);
}

TEST(Router, RefusesARouteTwice) {
  Router router = a_router();
  EXPECT_THROW(router.add(Method::kGet, "/users", nothing()), std::invalid_argument);
}

}  // namespace
}  // namespace ginnel::http
