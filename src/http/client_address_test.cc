// SPDX-License-Identifier: MIT
#include "http/client_address.h"

#include "http/session_fixture.h"

namespace ginnel::http {
namespace {

TrustedProxies trusting(const std::vector<std::string>& networks) {
  auto proxies = TrustedProxies::parse(networks);
  EXPECT_TRUE(proxies) << proxies.error().message;
  return std::move(*proxies);
}

bool trusts(const TrustedProxies& proxies, std::string_view address) {
  return proxies.trusts(*parse_ip_address(address));
}

TEST(TrustedProxies, TrustNobodyUnlessTold) {
  EXPECT_FALSE(trusts(TrustedProxies(), "127.0.0.1"));
  EXPECT_FALSE(TrustedProxies().trusts(IpAddress()));
}

TEST(TrustedProxies, AreNetworksOfAnyLength) {
  const auto proxies = trusting({"10.0.0.0/8", "192.0.2.4/30", "203.0.113.7"});
  for (const char* inside :
       {"10.0.0.0", "10.255.255.255", "192.0.2.4", "192.0.2.7", "203.0.113.7", "::ffff:10.1.2.3"}) {
    EXPECT_TRUE(trusts(proxies, inside)) << inside;
  }
  for (const char* outside :
       {"9.255.255.255", "11.0.0.0", "192.0.2.3", "192.0.2.8", "203.0.113.6", "::", "a00::"}) {
    EXPECT_FALSE(trusts(proxies, outside)) << outside;
  }
}

TEST(TrustedProxies, AreIpv6NetworksToo) {
  const auto proxies = trusting({"2001:db8::/33", "::1"});
  EXPECT_TRUE(trusts(proxies, "2001:db8:7fff::1"));
  EXPECT_FALSE(trusts(proxies, "2001:db8:8000::1"));
  EXPECT_TRUE(trusts(proxies, "::1"));
  EXPECT_FALSE(trusts(proxies, "::2"));
}

TEST(TrustedProxies, MayBeEverybodyOfOneKind) {
  const auto proxies = trusting({"0.0.0.0/0"});
  EXPECT_TRUE(trusts(proxies, "203.0.113.9"));
  EXPECT_FALSE(trusts(proxies, "2001:db8::1"));
}

TEST(TrustedProxies, NameWhatIsNoNetwork) {
  for (const char* text : {"",
                           "10.0.0",
                           "10.0.0.0/33",
                           "10.0.0.0/",
                           "10.0.0.0/-1",
                           "10.0.0.0/8x",
                           "::1/129",
                           "proxy.example",
                           "10.0.0.0/8/8",
                           " 10.0.0.1"}) {
    const auto proxies = TrustedProxies::parse({"::1", text});
    ASSERT_FALSE(proxies) << text;
    EXPECT_EQ(proxies.error().kind, ErrorKind::kInvalid);
    EXPECT_EQ(proxies.error().message,
              std::string("http.trusted_proxies: ") + text + " is no IP network");
  }
}

/// Requests come from 127.0.0.1, a trusted proxy like 10.0.0.0/8 and fd00::/8, or from 127.0.0.9,
/// which is none.
class ClientAddress : public SessionFixture {
 protected:
  void SetUp() override {
    SessionFixture::SetUp();
    routes_.proxies = trusting({"127.0.0.1", "10.0.0.0/8", "fd00::/8"});
  }

  /// Who a request with these header lines is said to be from.
  std::string client_of(const std::string& fields, const std::string& peer = "127.0.0.1") {
    auto client = connect(listener_, "127.0.0.1", peer);
    client.send("GET /client HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" + fields + "\r\n");
    const std::string answer = received_to_the_end(client);
    const auto begin = answer.find("\r\n\r\n") + 4;
    return answer.substr(begin, answer.size() - begin - 1);
  }

  std::string client_behind_proxy(const std::string& forwarded_for) {
    return client_of("X-Forwarded-For: " + forwarded_for + "\r\n");
  }
};

TEST_F(ClientAddress, IsThePeerWithoutAProxy) {
  EXPECT_EQ(client_of("", "127.0.0.9"), "127.0.0.9");
  EXPECT_EQ(client_of("", "127.0.0.1"), "127.0.0.1");
}

TEST_F(ClientAddress, CannotBeClaimedByAnybodyElse) {
  EXPECT_EQ(client_of("X-Forwarded-For: 203.0.113.7\r\n", "127.0.0.9"), "127.0.0.9");
}

TEST_F(ClientAddress, IsWhatATrustedProxySays) {
  EXPECT_EQ(client_behind_proxy("203.0.113.7"), "203.0.113.7");
  EXPECT_EQ(client_of("x-forwarded-for:203.0.113.7\r\n"), "203.0.113.7");
  EXPECT_EQ(client_behind_proxy("2001:DB8::7"), "2001:db8::7");
  EXPECT_EQ(client_behind_proxy("::ffff:203.0.113.7"), "203.0.113.7");
}

TEST_F(ClientAddress, IsTheLastOfAChainThatIsNoProxy) {
  EXPECT_EQ(client_behind_proxy("203.0.113.7, 10.0.0.1, fd00::2"), "203.0.113.7");
  EXPECT_EQ(client_behind_proxy("203.0.113.7,\t10.0.0.1"), "203.0.113.7");
  // A client may write anything before what the first proxy adds.
  EXPECT_EQ(client_behind_proxy("198.51.100.1, 203.0.113.7, 10.0.0.1"), "203.0.113.7");
  EXPECT_EQ(client_behind_proxy("10.9.9.9, 203.0.113.7"), "203.0.113.7");
}

TEST_F(ClientAddress, IsTheFarthestProxyWhenAllAreProxies) {
  EXPECT_EQ(client_behind_proxy("10.0.0.2, 10.0.0.1"), "10.0.0.2");
}

TEST_F(ClientAddress, IsTheLastThatIsKnownWhereTheChainIsGarbage) {
  for (const char* garbage : {"",
                              "unknown",
                              "-",
                              "203.0.113.7:443",
                              "[2001:db8::7]:443",
                              "203.0.113",
                              "203.0.113.7.",
                              "203.0.113.7 203.0.113.8",
                              "1e3",
                              ","}) {
    EXPECT_EQ(client_behind_proxy(garbage), "127.0.0.1") << garbage;
    EXPECT_EQ(client_behind_proxy(std::string(garbage) + ", 10.0.0.1"), "10.0.0.1") << garbage;
  }
  EXPECT_EQ(client_behind_proxy("unknown, 203.0.113.7"), "203.0.113.7");
}

TEST_F(ClientAddress, IsNotReadFromTwoFields) {
  EXPECT_EQ(client_of("X-Forwarded-For: 203.0.113.7\r\nX-Forwarded-For: 203.0.113.8\r\n"),
            "127.0.0.1");
}

TEST_F(ClientAddress, OfALongChainIsFoundAtOnce) {
  std::string chain = "203.0.113.7";
  for (int i = 0; i < 1'000; ++i) {
    chain += ", 10.0.0.1";
  }
  EXPECT_EQ(client_behind_proxy(chain), "203.0.113.7");
}

TEST_F(ClientAddress, OfAnIpv6PeerIsItsOwn) {
  std::optional<support::LoopbackListener> listener;
  try {
    listener.emplace("::1");
  } catch (const std::system_error& error) {
    GTEST_SKIP() << "no IPv6 here: " << error.what();
  }
  auto client = connect(*listener, "::1");
  client.send("GET /client HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 203.0.113.7\r\n\r\n");
  EXPECT_TRUE(received_until(client, "\n").ends_with("\r\n\r\n::1\n"));
}

}  // namespace
}  // namespace ginnel::http
