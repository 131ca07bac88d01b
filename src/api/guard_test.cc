// SPDX-License-Identifier: MIT
#include "api/guard.h"

#include <gtest/gtest.h>

#include "http/problem.h"
#include "http/response.h"
#include "support/sent_request.h"

namespace ginnel::api {
namespace {

constexpr const char* kKey = "a-key-of-32-characters-or-so-123";

using Listen = std::vector<http::ListenAddress>;

const Listen kLoopback = {{"127.0.0.1", 8080}, {"::1", 8080}};
const Listen kEverywhere = {{"127.0.0.1", 8080}, {"0.0.0.0", 80}};

http::ServerOptions at(const Listen& listen) {
  http::ServerOptions http;
  http.listen = listen;
  return http;
}

Guard::Mode mode_of(const GuardOptions& options,
                    const Listen& listen,
                    const service::LinkOptions& links = {}) {
  return Guard(options, links, at(listen)).mode();
}

service::LinkOptions called(const std::string& public_url,
                            const std::vector<std::string>& own_hosts = {}) {
  service::LinkOptions links;
  links.public_url = public_url;
  links.own_hosts = own_hosts;
  return links;
}

TEST(Guard, KnowsWhoIsServed) {
  EXPECT_EQ(mode_of({}, kLoopback), Guard::Mode::kLocal);
  EXPECT_EQ(mode_of({}, {{"127.3.2.1", 0}}), Guard::Mode::kLocal);
  EXPECT_EQ(mode_of({}, kEverywhere), Guard::Mode::kClosed);
  for (const char* host : {"0.0.0.0", "::", "192.0.2.1", "fe80::1", "not an address"}) {
    EXPECT_EQ(mode_of({}, {{host, 8080}}), Guard::Mode::kClosed) << host;
  }
  for (const Listen& listen : {kLoopback, kEverywhere}) {
    EXPECT_EQ(mode_of({"", true}, listen), Guard::Mode::kOpen);
    EXPECT_EQ(mode_of({kKey, false}, listen), Guard::Mode::kKey);
    EXPECT_EQ(mode_of({kKey, true}, listen), Guard::Mode::kKey) << "a key is never without effect";
  }
}

/// A name that others have for it, or proxies that are trusted: somebody passes others on.
TEST(Guard, IsClosedWhereTheSettingsExpectOthers) {
  for (const auto& links : {called("https://go.example.org"),
                            called("https://go.example.org:8443/s"),
                            called("http://localhost.example.org"),
                            called("http://192.168.1.7:8080"),
                            called("http://[2001:db8::7]"),
                            called("http://0.0.0.0:8080"),
                            called("http://localhost:8080", {"localhost", "links.lan"}),
                            called("http://localhost:8080", {"b\u00fccher.example"})}) {
    EXPECT_EQ(mode_of({}, kLoopback, links), Guard::Mode::kClosed) << links.public_url;
    EXPECT_EQ(mode_of({"", true}, kLoopback, links), Guard::Mode::kOpen);
    EXPECT_EQ(mode_of({kKey, false}, kLoopback, links), Guard::Mode::kKey);
    const std::string meaning = Guard({}, links, at(kLoopback)).meaning();
    EXPECT_NE(meaning.find("links.public_url"), std::string::npos) << meaning;
    EXPECT_EQ(meaning.find("api.open"), std::string::npos) << meaning;
  }
  for (const auto& links : {called("http://localhost:8080"),
                            called("http://localhost:3000/s"),
                            called("https://LOCALHOST."),
                            called("http://go.localhost"),
                            called("http://127.9.8.7:8080"),
                            called("http://[::1]:8080"),
                            called("http://localhost:8080", {"localhost", "127.0.0.1", "::1"})}) {
    EXPECT_EQ(mode_of({}, kLoopback, links), Guard::Mode::kLocal) << links.public_url;
  }
  http::ServerOptions http = at(kLoopback);
  http.trusted_proxies = {"127.0.0.1"};
  Guard behind({}, called("http://localhost:8080"), http);
  EXPECT_EQ(behind.mode(), Guard::Mode::kClosed);
  EXPECT_NE(behind.meaning().find("http.trusted_proxies"), std::string::npos);
}

TEST(HidesVisitors, WhereAProxyHasToStandBeforeItAndIsNotNamed) {
  const auto named = called("https://go.example.org");
  EXPECT_TRUE(hides_visitors(named, at(kLoopback)));
  EXPECT_FALSE(hides_visitors(named, at(kEverywhere)));
  EXPECT_FALSE(hides_visitors(called("http://localhost:8080"), at(kLoopback)));
  http::ServerOptions http = at(kLoopback);
  http.trusted_proxies = {"127.0.0.1"};
  EXPECT_FALSE(hides_visitors(named, http));
}

class GuardTest : public testing::Test {
 protected:
  /// The caller's name, or the kind of the error as its status.
  static std::string answer(Guard& guard, const std::string& fields) {
    const support::SentRequest request("POST /users", fields, "{}");
    const auto caller = guard.admit(*request);
    return caller ? caller->name : std::to_string(http::status_of(caller.error().kind));
  }

  std::string answer_by_key(const std::string& fields) { return answer(keyed_, fields); }

  Guard keyed_{{kKey, false}, service::LinkOptions(), at(kEverywhere)};
  const std::string key_ = kKey;
};

TEST_F(GuardTest, TakesTheKeyInEitherField) {
  for (const std::string& fields : {"X-API-Key: " + key_,
                                    "x-api-key:" + key_,
                                    "X-Api-Key: \t" + key_ + "  ",
                                    "Authorization: Bearer " + key_,
                                    "authorization: bearer " + key_,
                                    "Authorization: BEARER   " + key_,
                                    "Authorization: Basic eDp5\r\nX-API-Key: " + key_}) {
    EXPECT_EQ(answer_by_key(fields + "\r\n"), "api.key") << fields;
  }
}

TEST_F(GuardTest, TakesNothingElse) {
  const std::vector<std::string> others = {"Accept: */*",
                                           "X-API-Key:",
                                           "X-API-Key: " + key_ + "x",
                                           "X-API-Key: " + key_.substr(1),
                                           "X-API-Key: " + key_ + "," + key_,
                                           "X-API-Key: Bearer " + key_,
                                           "X-API-Key: " + key_ + "\r\nX-API-Key: " + key_,
                                           "X-API-Key: wrong\r\nAuthorization: Bearer " + key_,
                                           "X-Key: " + key_,
                                           "Authorization: " + key_,
                                           "Authorization: Bearer",
                                           "Authorization: Bearer" + key_,
                                           "Authorization: Basic " + key_,
                                           "Authorization: Bearer " + key_ + " x",
                                           "Authorization: Bearer " + key_ + "\r\nAuthorization: x",
                                           "Cookie: X-API-Key=" + key_};
  for (const std::string& fields : others) {
    EXPECT_EQ(answer_by_key(fields + "\r\n"), "401") << fields;
  }
}

TEST_F(GuardTest, AsksForNothingButTheKeyWhereThereIsOne) {
  EXPECT_EQ(answer_by_key("X-API-Key: " + key_ +
                          "\r\nOrigin: https://other.example\r\nSec-Fetch-Site: cross-site\r\n"
                          "X-Forwarded-For: 203.0.113.9\r\n"),
            "api.key");
}

TEST_F(GuardTest, SaysWhatTheReferenceSays) {
  const support::SentRequest request("GET /users", "");
  const auto caller = keyed_.admit(*request);
  ASSERT_FALSE(caller);
  EXPECT_EQ(http::problem(caller.error()).body,
            "{\"error\":\"Unauthorized \\u2013 invalid or missing API key\"}\n");
}

TEST_F(GuardTest, ServesNobodyWithoutAKeyWhereOthersReachIt) {
  Guard closed({}, service::LinkOptions(), at(kEverywhere));
  EXPECT_EQ(answer(closed, ""), "401");
  EXPECT_EQ(answer(closed, "X-API-Key: none\r\n"), "401");
  EXPECT_EQ(closed.refused(RefusalReason::kNoKeySet), 2U);
}

TEST_F(GuardTest, ServesEverybodyWhenOpen) {
  Guard open({"", true}, service::LinkOptions(), at(kEverywhere));
  EXPECT_EQ(answer(open, "Origin: https://other.example\r\nX-API-Key: wrong\r\n"), "");
}

/// Whom it serves has a connection, so that is with the system tests (test_guards.py).
TEST_F(GuardTest, ServesItsOwnMachineOtherwise) {
  Guard local({}, service::LinkOptions(), at(kLoopback));
  for (const auto& [fields, reason] :
       {std::pair("", RefusalReason::kUnknownOwner),
        std::pair("Origin: https://other.example\r\n", RefusalReason::kForeignOrigin)}) {
    const support::SentRequest request("GET /users HTTP/1.1\r\nHost: localhost\r\n" +
                                       std::string(fields) + "\r\n");
    EXPECT_EQ(http::status_of(local.admit(*request).error().kind), 403);
    EXPECT_EQ(local.refused(reason), 1U) << fields;
  }
}

TEST_F(GuardTest, CountsWhomItRefusesAndWhy) {
  answer_by_key("");
  answer_by_key("X-API-Key: wrong\r\n");
  answer_by_key("Authorization: Bearer wrong\r\n");
  answer_by_key("X-API-Key: " + key_ + "\r\n");
  EXPECT_EQ(keyed_.refused(RefusalReason::kMissingKey), 1U);
  EXPECT_EQ(keyed_.refused(RefusalReason::kWrongKey), 2U);
  EXPECT_EQ(keyed_.refused(RefusalReason::kUnknownHost), 0U);

  Guard local({}, service::LinkOptions(), at(kLoopback));
  answer(local, "");
  EXPECT_EQ(local.refused(RefusalReason::kUnknownHost), 1U);
}

TEST_F(GuardTest, TellsTheLogWhyAndNeverTheKey) {
  const support::SentRequest request("GET /users", "X-API-Key: almost-" + key_ + "\r\n");
  const auto caller = keyed_.admit(*request);
  ASSERT_FALSE(caller);
  EXPECT_EQ(caller.error().detail, "wrong_key");
  EXPECT_EQ(caller.error().message.find(key_), std::string::npos);
}

}  // namespace
}  // namespace ginnel::api
