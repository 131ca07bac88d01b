// SPDX-License-Identifier: MIT
#include "app/proxy_notice.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/sent_request.h"

namespace ginnel::app {
namespace {

class ProxyNoticeTest : public testing::Test {
 protected:
  /// What is logged of requests from `peer`, each with one of `fields`, where `trusted` is set.
  static std::string said_of(const std::string& peer,
                             const std::vector<std::string>& fields,
                             const std::vector<std::string>& trusted = {},
                             http::ClientAddressField named = {}) {
    testing::internal::CaptureStderr();
    {
      observability::LogOptions options;
      options.format = observability::LogFormat::kJson;
      observability::Log log(options);
      ProxyNotice notice(log, *http::TrustedProxies::parse(trusted, named));
      for (const std::string& field : fields) {
        const support::SentRequest request("GET /abc", field + "\r\n");
        notice.look(*parse_ip_address(peer), *request);
      }
    }
    return testing::internal::GetCapturedStderr();
  }
};

TEST_F(ProxyNoticeTest, SaysOnceWhoseVisitorsAreOne) {
  const std::string said = said_of(
      "127.0.0.1", {"Accept: */*", "X-Real-IP: 203.0.113.9", "X-Forwarded-For: 203.0.113.9"});
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1) << said;
  EXPECT_NE(said.find("\"level\":\"warn\",\"message\":\"visitors are not told apart\","
                      "\"proxy\":\"127.0.0.1\",\"sign\":\"X-Real-IP\""),
            std::string::npos)
      << said;
  EXPECT_NE(said.find("http.trusted_proxies=127.0.0.1"), std::string::npos) << said;
}

TEST_F(ProxyNoticeTest, LooksForProxiesOfPrivateNetworks) {
  for (const char* peer : {"::1",
                           "10.1.2.3",
                           "172.17.0.1",
                           "192.168.7.7",
                           "100.64.0.1",
                           "169.254.1.1",
                           "fd00::7",
                           "fe80::7"}) {
    EXPECT_NE(said_of(peer, {"Forwarded: for=203.0.113.9"}).find(peer), std::string::npos) << peer;
  }
}

TEST_F(ProxyNoticeTest, DoesNotBelieveStrangers) {
  for (const char* peer : {"203.0.113.9", "172.32.0.1", "8.8.8.8", "2001:db8::7"}) {
    EXPECT_EQ(said_of(peer, {"X-Forwarded-For: 127.0.0.1"}), "") << peer;
  }
}

TEST_F(ProxyNoticeTest, IsSilentWhereTheProxyIsNamedOrThereIsNone) {
  EXPECT_EQ(said_of("127.0.0.1", {"Via: 1.1 a"}, {"127.0.0.0/8"}), "");
  EXPECT_EQ(said_of("127.0.0.1", {"Accept: */*", "User-Agent: Via"}), "");
  EXPECT_NE(said_of("127.0.0.1", {"Via: 1.1 a"}, {"10.0.0.0/8"}), "") << "another one is named";
}

TEST_F(ProxyNoticeTest, SaysThatANamedProxyWritesTheOtherField) {
  using Field = http::ClientAddressField;
  const std::string theirs = "X-Forwarded-For: 203.0.113.9";
  const std::string other = "Forwarded: for=203.0.113.9";
  const std::vector<std::string> trusted = {"127.0.0.1"};
  EXPECT_NE(said_of("127.0.0.1", {other}, trusted).find("http.client_address_field=forwarded"),
            std::string::npos);
  EXPECT_NE(said_of("127.0.0.1", {theirs}, trusted, Field::kForwarded)
                .find("http.client_address_field=x-forwarded-for"),
            std::string::npos);
  EXPECT_EQ(said_of("127.0.0.1", {theirs, theirs + "\r\n" + other}, trusted), "");
  EXPECT_EQ(said_of("127.0.0.1", {other}, trusted, Field::kForwarded), "");
  EXPECT_EQ(said_of("127.0.0.1", {theirs, other}, trusted, Field::kEither), "");
}

}  // namespace
}  // namespace ginnel::app
