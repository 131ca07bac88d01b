// SPDX-License-Identifier: MIT
#include "api/local_callers.h"

#include <unistd.h>

#include <gtest/gtest.h>

#include "support/sent_request.h"

namespace ginnel::api {
namespace {

class LocalCallersTest : public testing::Test {
 protected:
  LocalCallersTest() { links_.public_url = "https://Go.localhost:8443/s"; }

  /// Why `bytes`, a request without its last empty line, is refused; `served` when it is not.
  std::string answer_to(const std::string& bytes) const {
    const support::SentRequest request(bytes + "\r\n");
    const LocalCallers callers(links_, [this](const http::Request&) {
      ++asked_;
      return owner_;
    });
    const auto refusal = callers.refusal(*request);
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
  std::optional<uid_t> owner_ = 1000;  ///< of the program that sends
  mutable int asked_ = 0;              ///< how often it was asked for
  mutable std::string message_;        ///< of the last refusal
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

TEST_F(LocalCallersTest, AreNotWhoAsksForAnotherName) {
  for (const char* host : {"evil.example",
                           "evil.example:8080",
                           "localhost.evil.example",
                           "evillocalhost",
                           "go.localhost.example.org",
                           "links.lan:8080",
                           "128.0.0.1",
                           "0.0.0.0:8080",
                           "[::]",
                           "[::2]:8080",
                           ""}) {
    EXPECT_EQ(answer_to_host(host), "unknown_host") << host;
  }
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
                             "https://go.localhost:8443"}) {
    EXPECT_EQ(answer_to_origin(origin), "served") << origin;
  }
  EXPECT_EQ(answer_to_host("localhost", "Origin: http://localhost:80\r\n"), "served");
  EXPECT_EQ(answer_to_host("[::1]:8080", "Origin: http://[::1]:8080\r\n"), "served");
}

TEST_F(LocalCallersTest, AreNotThePagesOfAnotherOrigin) {
  for (const char* origin : {"https://evil.example",
                             "http://localhost",
                             "http://localhost:3000",
                             "http://127.0.0.1:8080",
                             "https://go.localhost",
                             "http://go.localhost:8443",
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

/// The default of links.public_url was set by nobody: another program may be at that port.
TEST_F(LocalCallersTest, AreNotThePagesOfAnotherPortWhereNoPublicUrlIsSet) {
  links_ = service::LinkOptions();
  for (const char* origin :
       {"http://localhost:8080", "http://localhost:3000", "http://localhost"}) {
    EXPECT_EQ(answer_to_host("localhost:9090", "Origin: " + std::string(origin) + "\r\n"),
              "foreign_origin")
        << origin;
  }
  EXPECT_EQ(answer_to_host("localhost:9090", "Origin: http://localhost:9090\r\n"), "served");
  EXPECT_EQ(answer_to_origin("http://localhost:8080"), "served");
}

/// Loopback values too: peer and field say no more than that the proxy is here.
TEST_F(LocalCallersTest, AreNotWhomAProxyServes) {
  for (const std::string field : {"X-Forwarded-For: 203.0.113.9",
                                  "X-Forwarded-For: 127.0.0.1",
                                  "X-Forwarded-For: ::1, 127.0.0.2",
                                  "X-Forwarded-For:",
                                  "x-forwarded-proto: https",
                                  "Forwarded: for=127.0.0.1;host=localhost",
                                  "X-Real-IP: 127.0.0.1",
                                  "CF-Connecting-IP: 203.0.113.9",
                                  "True-Client-IP: 203.0.113.9",
                                  "Via: 1.1 squid"}) {
    EXPECT_EQ(answer_to_host("localhost", field + "\r\n"), "forwarded") << field;
    EXPECT_NE(message_.find(field.substr(0, field.find(':'))), std::string::npos) << message_;
  }
  EXPECT_EQ(answer_to("GET /users HTTP/1.0\r\nHost: localhost\r\n"), "forwarded")
      << "as nginx passes on what came to it, without a field of its own";
}

TEST_F(LocalCallersTest, AreRootThisUserAndThoseWhoLogIn) {
  for (const uid_t user : {0U, 1000U, 1001U, 59'999U, 60'000U, 60'001U, 60'513U, ::geteuid()}) {
    owner_ = user;
    EXPECT_EQ(answer_to_host("localhost"), "served") << user;
  }
}

/// daemon, www-data, a service's own, DynamicUser=, nobody, those of containers.
TEST_F(LocalCallersTest, AreNotProgramsOfSystemAccounts) {
  for (const uid_t user : {1U,
                           33U,
                           101U,
                           999U,
                           60'514U,
                           61'184U,
                           65'519U,
                           65'534U,
                           65'535U,
                           100'032U,
                           524'288U,
                           0xFFFF'FFFFU}) {
    owner_ = user;
    if (user == ::geteuid()) {
      continue;
    }
    EXPECT_EQ(answer_to_host("localhost"), "system_account") << user;
    EXPECT_EQ(message_.find(std::to_string(user)), std::string::npos) << message_;
  }
}

TEST_F(LocalCallersTest, AreNotThoseOfWhomTheSystemDoesNotTell) {
  owner_ = std::nullopt;
  EXPECT_EQ(answer_to_host("localhost"), "unknown_owner");
  EXPECT_NE(message_.find("set api.key"), std::string::npos) << message_;
}

TEST_F(LocalCallersTest, AreAskedForOnlyWhereNothingElseTells) {
  answer_to_host("evil.example");
  answer_to_origin("null");
  answer_to_host("localhost", "Via: 1.1 squid\r\n");
  answer_to_host("localhost", "Sec-Fetch-Site: cross-site\r\n");
  EXPECT_EQ(asked_, 0);
  answer_to_host("localhost");
  EXPECT_EQ(asked_, 1);
}

TEST_F(LocalCallersTest, AreToldWhatHelpsAndNotWhatOpensTheDoor) {
  for (const std::string& fields : {std::string("Host: evil.example:8080\r\n"),
                                    std::string("Host: localhost\r\nOrigin: null\r\n"),
                                    std::string("Host: localhost\r\nX-Forwarded-For: 8.8.8.8\r\n"),
                                    std::string("Host: a\r\nSec-Fetch-Site: cross-site\r\n")}) {
    EXPECT_NE(answer_to("GET /users HTTP/1.1\r\n" + fields), "served");
    EXPECT_NE(message_.find("set api.key"), std::string::npos) << message_;
    for (const char* door : {"api.open", "own_hosts", "public_url", "trusted_proxies"}) {
      EXPECT_EQ(message_.find(door), std::string::npos) << message_;
    }
  }
  EXPECT_EQ(answer_to_host("evil.example:8080"), "unknown_host");
  EXPECT_EQ(message_,
            "evil.example is no name of this machine alone; without a key this server serves "
            "callers on its own machine only: set api.key to serve others");
}

TEST_F(LocalCallersTest, AreNotToldMoreThanABitOfWhatTheySent) {
  EXPECT_EQ(answer_to_host(std::string(10'000, 'a')), "unknown_host");
  EXPECT_LT(message_.size(), 400U);
}

}  // namespace
}  // namespace ginnel::api
