// SPDX-License-Identifier: MIT
#include "api/guard.h"

#include <gtest/gtest.h>

#include "http/response.h"
#include "support/sent_request.h"

namespace ginnel::api {
namespace {

constexpr const char* kKey = "a-key-of-32-characters-or-so-123";

using Listen = std::vector<http::ListenAddress>;

const Listen kLoopback = {{"127.0.0.1", 8080}, {"::1", 8080}};
const Listen kEverywhere = {{"127.0.0.1", 8080}, {"0.0.0.0", 80}};

Guard::Mode mode_of(const GuardOptions& options, const Listen& listen) {
  return Guard(options, service::LinkOptions(), listen).mode();
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

class GuardTest : public testing::Test {
 protected:
  /// The caller's name, or the kind of the error as its status.
  static std::string answer(Guard& guard, const std::string& fields) {
    const support::SentRequest request("POST /users", fields, "{}");
    const auto caller = guard.admit(*request);
    return caller ? *caller : std::to_string(http::status_of(caller.error().kind));
  }

  std::string answer_by_key(const std::string& fields) { return answer(keyed_, fields); }

  Guard keyed_{{kKey, false}, service::LinkOptions(), kEverywhere};
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
  Guard closed({}, service::LinkOptions(), kEverywhere);
  EXPECT_EQ(answer(closed, ""), "401");
  EXPECT_EQ(answer(closed, "X-API-Key: none\r\n"), "401");
  EXPECT_EQ(closed.refused(RefusalReason::kNoKeySet), 2U);
}

TEST_F(GuardTest, ServesEverybodyWhenOpen) {
  Guard open({"", true}, service::LinkOptions(), kEverywhere);
  EXPECT_EQ(answer(open, "Origin: https://other.example\r\nX-API-Key: wrong\r\n"), "");
}

TEST_F(GuardTest, ServesItsOwnMachineOtherwise) {
  service::LinkOptions links;
  links.own_hosts = {"h"};  // what support::SentRequest asks for
  Guard local({}, links, kLoopback);
  EXPECT_EQ(answer(local, ""), "");
  EXPECT_EQ(answer(local, "Origin: https://other.example\r\n"), "403");
}

TEST_F(GuardTest, CountsWhomItRefusesAndWhy) {
  answer_by_key("");
  answer_by_key("X-API-Key: wrong\r\n");
  answer_by_key("Authorization: Bearer wrong\r\n");
  answer_by_key("X-API-Key: " + key_ + "\r\n");
  EXPECT_EQ(keyed_.refused(RefusalReason::kMissingKey), 1U);
  EXPECT_EQ(keyed_.refused(RefusalReason::kWrongKey), 2U);
  EXPECT_EQ(keyed_.refused(RefusalReason::kUnknownHost), 0U);

  Guard local({}, service::LinkOptions(), kLoopback);
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
