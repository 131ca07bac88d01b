// SPDX-License-Identifier: MIT
#include "api/local_callers.h"

#include <gtest/gtest.h>

#include "support/sent_request.h"

namespace ginnel::api {
namespace {

class LocalCallersTest : public testing::Test {
 protected:
  LocalCallersTest() {
    links_.public_url = "https://Go.example.org:8443/s";
    links_.own_hosts = {"links.lan", "b\u00fccher.example", "192.0.2.7", "2001:db8::7"};
  }

  /// Why `bytes`, a request without its last empty line, is refused; `served` when it is not.
  std::string answer_to(const std::string& bytes) const {
    const support::SentRequest request(bytes + "\r\n");
    const auto refusal = LocalCallers(links_).refusal(*request);
    if (!refusal) {
      return "served";
    }
    EXPECT_EQ(refusal->error.kind, ErrorKind::kForbidden);
    message_ = refusal->error.message;
    return std::string(kRefusalReasons[static_cast<std::size_t>(refusal->reason)]);
  }

  std::string answer_to_host(const std::string& host, const std::string& fields = {}) const {
    return answer_to("GET /users HTTP/1.1\r\nHost: " + host + "\r\n" + fields);
  }

  /// To a page of this origin that asks localhost:8080.
  std::string answer_to_origin(const std::string& origin) const {
    return answer_to_host("localhost:8080", "Origin: " + origin + "\r\n");
  }

  service::LinkOptions links_;
  mutable std::string message_;  ///< of the last refusal
};

TEST_F(LocalCallersTest, AreServedByTheNamesOfLoopback) {
  for (const char* host : {"localhost",
                           "localhost:8080",
                           "LOCALHOST:1",
                           "localhost.",
                           "localhost:",
                           "app.localhost:8080",
                           "127.0.0.1",
                           "127.9.8.7:8080",
                           "[::1]",
                           "[::1]:8080",
                           "[0:0:0:0:0:0:0:1]:8080"}) {
    EXPECT_EQ(answer_to_host(host), "served") << host;
  }
}

TEST_F(LocalCallersTest, AreServedByTheNamesOfTheSettings) {
  for (const char* host : {"go.example.org",
                           "GO.example.org:8443",
                           "go.example.org:80",
                           "links.lan:8080",
                           "xn--bcher-kva.example",
                           "192.0.2.7:8080",
                           "[2001:db8::7]:8080"}) {
    EXPECT_EQ(answer_to_host(host), "served") << host;
  }
}

TEST_F(LocalCallersTest, AreNotWhoAsksForAnotherName) {
  for (const char* host : {"evil.example",
                           "evil.example:8080",
                           "localhost.evil.example",
                           "evillocalhost",
                           "notgo.example.org",
                           "go.example.org.evil.example",
                           "128.0.0.1",
                           "0.0.0.0:8080",
                           "[::]",
                           "[::2]:8080",
                           "::1",
                           "localhost:x",
                           "localhost:99999",
                           "localhost:80:80",
                           "localhost@evil.example",
                           "evil.example@localhost",
                           "localhost,evil.example",
                           "a b",
                           ""}) {
    EXPECT_EQ(answer_to_host(host), "unknown_host") << host;
  }
  EXPECT_EQ(answer_to("GET /users HTTP/1.0\r\n"), "unknown_host") << "HTTP/1.0 may name none";
}

TEST_F(LocalCallersTest, AreJudgedByTheTargetWhereItNamesAHost) {
  EXPECT_EQ(answer_to("GET http://evil.example/users HTTP/1.1\r\nHost: localhost\r\n"),
            "unknown_host");
  EXPECT_EQ(answer_to("GET http://localhost/users HTTP/1.1\r\nHost: evil.example\r\n"), "served");
}

TEST_F(LocalCallersTest, MayBeThePagesOfThisServer) {
  for (const char* origin : {"http://localhost:8080",
                             "HTTP://LocalHost:8080",
                             "https://localhost:8080",
                             "https://go.example.org:8443",
                             "http://links.lan",
                             "https://links.lan",
                             "https://xn--bcher-kva.example"}) {
    EXPECT_EQ(answer_to_origin(origin), "served") << origin;
  }
  EXPECT_EQ(answer_to_host("go.example.org", "Origin: https://go.example.org\r\n"), "served")
      << "as a proxy with TLS passes it on";
  EXPECT_EQ(answer_to_host("localhost", "Origin: http://localhost:80\r\n"), "served");
  EXPECT_EQ(answer_to_host("[::1]:8080", "Origin: http://[::1]:8080\r\n"), "served");
}

TEST_F(LocalCallersTest, AreNotThePagesOfAnotherOrigin) {
  for (const char* origin : {"https://evil.example",
                             "http://localhost",
                             "http://localhost:3000",
                             "http://127.0.0.1:8080",
                             "https://go.example.org",
                             "http://go.example.org:8443",
                             "http://links.lan:3000",
                             "http://localhost:8080.evil.example",
                             "http://evil.example@localhost:8080",
                             "null",
                             "",
                             "localhost:8080",
                             "file://",
                             "chrome-extension://localhost:8080",
                             "http://localhost:8080 http://evil.example"}) {
    EXPECT_EQ(answer_to_origin(origin), "foreign_origin") << origin;
  }
  EXPECT_EQ(answer_to_origin("http://localhost:8080\r\nOrigin: http://localhost:8080"),
            "foreign_origin")
      << "twice";
}

TEST_F(LocalCallersTest, AreNotWhomAnotherSiteSends) {
  EXPECT_EQ(answer_to_host("localhost", "Sec-Fetch-Site: cross-site\r\n"), "cross_site");
  EXPECT_EQ(answer_to_host("localhost", "sec-fetch-site: Cross-Site\r\n"), "cross_site");
  for (const char* site : {"same-origin", "same-site", "none", "", "cross"}) {
    EXPECT_EQ(answer_to_host("localhost", "Sec-Fetch-Site: " + std::string(site) + "\r\n"),
              "served")
        << site;
  }
}

TEST_F(LocalCallersTest, AreNotWhomAProxyServesElsewhere) {
  for (const char* list : {"203.0.113.9",
                           "127.0.0.1, 203.0.113.9",
                           "203.0.113.9, ::1",
                           "unknown",
                           "127.0.0.1:9",
                           ",",
                           "127.0.0.1\r\nX-Forwarded-For: 127.0.0.1"}) {
    EXPECT_EQ(answer_to_host("localhost", "X-Forwarded-For: " + std::string(list) + "\r\n"),
              "forwarded")
        << list;
  }
  for (const char* list : {"127.0.0.1", "::1, 127.0.0.2", ""}) {
    EXPECT_EQ(answer_to_host("localhost", "X-Forwarded-For: " + std::string(list) + "\r\n"),
              "served")
        << list;
  }
}

TEST_F(LocalCallersTest, AreToldWhichSettingsHelp) {
  const auto names = [this](const char* setting) {
    return message_.find(setting) != std::string::npos;
  };
  for (const std::string& fields : {std::string("Host: evil.example:8080\r\n"),
                                    std::string("Host: localhost\r\nOrigin: null\r\n"),
                                    std::string("Host: localhost\r\nX-Forwarded-For: 8.8.8.8\r\n"),
                                    std::string("Host: a\r\nSec-Fetch-Site: cross-site\r\n")}) {
    EXPECT_NE(answer_to("GET /users HTTP/1.1\r\n" + fields), "served");
    EXPECT_TRUE(names("api.key") && names("api.open=true")) << message_;
  }
  EXPECT_EQ(answer_to_host("evil.example:8080"), "unknown_host");
  EXPECT_EQ(
      message_,
      "evil.example is no name of this machine; without a key this server serves callers on "
      "its own machine only: if the name is its own, add it to links.own_hosts or make it that "
      "of links.public_url; otherwise set api.key, or api.open=true to serve everybody");
}

TEST_F(LocalCallersTest, AreNotToldMoreThanABitOfWhatTheySent) {
  EXPECT_EQ(answer_to_host(std::string(10'000, 'a')), "unknown_host");
  EXPECT_LT(message_.size(), 400U);
}

}  // namespace
}  // namespace ginnel::api
