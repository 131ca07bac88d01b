// SPDX-License-Identifier: MIT
#include "http/router.h"

#include <stdexcept>

#include <gtest/gtest.h>

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
  EXPECT_EQ(*router.admit(guarded, *request), "") << "nobody is asked without a guard";

  router.set_guard([](const Request& r) -> Result<std::string> {
    return std::string(r.field("Name").value_or(""));
  });
  EXPECT_EQ(*router.admit(guarded, *request), "ada");
  EXPECT_EQ(*router.admit(open, *request), "");

  router.set_guard(
      [](const Request&) -> Result<std::string> { return Error(ErrorKind::kForbidden, "no"); });
  EXPECT_FALSE(router.admit(guarded, *request));
  EXPECT_TRUE(router.admit(open, *request));
}

TEST(Router, RefusesARouteTwice) {
  Router router = a_router();
  EXPECT_THROW(router.add(Method::kGet, "/users", nothing()), std::invalid_argument);
}

}  // namespace
}  // namespace ginnel::http
