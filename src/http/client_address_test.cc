// SPDX-License-Identifier: MIT
#include "http/client_address.h"

#include "http/session_fixture.h"

namespace ginnel::http {
namespace {

TrustedProxies trusting(const std::vector<std::string>& networks,
                        ClientAddressField field = ClientAddressField::kXForwardedFor) {
  auto proxies = TrustedProxies::parse(networks, field);
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
    believe(ClientAddressField::kXForwardedFor);
  }

  void believe(ClientAddressField field) {
    routes_.proxies = trusting({"127.0.0.1", "10.0.0.0/8", "fd00::/8"}, field);
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
  for (const char* garbage : {"unknown",
                              "_hidden",
                              "-",
                              "203.0.113",
                              "203.0.113.7.",
                              "203.0.113.7 203.0.113.8",
                              "1e3",
                              "unix:",
                              "\""}) {
    const std::string text(garbage);
    EXPECT_EQ(client_behind_proxy(text), "127.0.0.1") << garbage;
    EXPECT_EQ(client_behind_proxy(text + ", 10.0.0.1"), "10.0.0.1") << garbage;
    EXPECT_EQ(client_behind_proxy("198.51.100.1, " + text + ", 10.0.0.1"), "10.0.0.1") << garbage;
    EXPECT_EQ(client_behind_proxy(text + ", 203.0.113.7"), "203.0.113.7") << garbage;
  }
}

TEST_F(ClientAddress, IsReadInEveryFormThatProxiesWrite) {
  for (const char* item :
       {"203.0.113.7:50123", "\"203.0.113.7\"", " 203.0.113.7\t", "[203.0.113.7]:80"}) {
    EXPECT_EQ(client_behind_proxy(item), "203.0.113.7") << item;
    EXPECT_EQ(client_behind_proxy(std::string(item) + ", 10.0.0.1:1, [fd00::2]:443"),
              "203.0.113.7");
  }
  EXPECT_EQ(client_behind_proxy("[2001:db8::7]:443"), "2001:db8::7");
}

TEST_F(ClientAddress, IsNoEmptyItem) {
  for (const char* list : {"203.0.113.7,", ",203.0.113.7", "203.0.113.7, ,, 10.0.0.1 ,"}) {
    EXPECT_EQ(client_behind_proxy(list), "203.0.113.7") << list;
  }
  for (const char* list : {"", ",", " , ,"}) {
    EXPECT_EQ(client_behind_proxy(list), "127.0.0.1") << list;
  }
}

/// HAProxy adds a field of its own, nginx with proxy_add_x_forwarded_for lengthens the first.
TEST_F(ClientAddress, IsReadFromSeveralFieldsAsFromOne) {
  const std::string name = "X-Forwarded-For: ";
  EXPECT_EQ(client_of(name + "198.51.100.1\r\n" + name + "203.0.113.7\r\n"), "203.0.113.7");
  EXPECT_EQ(client_of(name + "203.0.113.7\r\nAccept: */*\r\nx-forwarded-for: 10.0.0.1\r\n"),
            "203.0.113.7");
  EXPECT_EQ(client_of(name + "198.51.100.1, 203.0.113.7\r\n" + name + "\r\n" + name +
                      "10.0.0.2, 10.0.0.1\r\n"),
            "203.0.113.7");
  EXPECT_EQ(client_of(name + "203.0.113.7\r\n" + name + "unknown\r\n"), "127.0.0.1");
  EXPECT_EQ(client_of(name + "\"203.0.113.8\r\n" + name + "203.0.113.7\r\n"), "203.0.113.7")
      << "a quotation mark that a visitor leaves open ends with its field";
}

TEST_F(ClientAddress, IsInTheFieldThatIsNamedAndInNoOther) {
  const std::string both = "X-Forwarded-For: 203.0.113.7\r\nForwarded: for=198.51.100.1\r\n";
  const std::string forwarded = "Forwarded: for=198.51.100.1\r\n";
  EXPECT_EQ(client_of(both), "203.0.113.7");
  EXPECT_EQ(client_of(forwarded), "127.0.0.1") << "a visitor may have sent it";
  believe(ClientAddressField::kForwarded);
  EXPECT_EQ(client_of(both), "198.51.100.1");
  EXPECT_EQ(client_of("X-Forwarded-For: 203.0.113.7\r\n"), "127.0.0.1");
  believe(ClientAddressField::kEither);
  EXPECT_EQ(client_of(both), "203.0.113.7");
  EXPECT_EQ(client_of(forwarded), "198.51.100.1");
  EXPECT_EQ(client_of("X-Forwarded-For: unknown\r\n" + forwarded), "127.0.0.1");
}

TEST_F(ClientAddress, IsReadFromForwarded) {
  believe(ClientAddressField::kForwarded);
  const std::string name = "Forwarded: ";
  for (const char* list : {"for=203.0.113.7",
                           "For=\"203.0.113.7:47011\";proto=http;by=203.0.113.43",
                           "for=198.51.100.1, proto=https; for=203.0.113.7, by=_a;for=10.0.0.1",
                           "host=\"a;for=1.2.3.4,\\\",for=5.6.7.8\";for=203.0.113.7",
                           "for=\"198.51.100.1, for=203.0.113.7",
                           "for=203.0.113.7, for=\"[fd00::2]:_a\", "}) {
    EXPECT_EQ(client_of(name + list + "\r\n"), "203.0.113.7") << list;
  }
  EXPECT_EQ(client_of(name + "for=203.0.113.7\r\n" + name + "for=10.0.0.1\r\n"), "203.0.113.7");
  EXPECT_EQ(client_of(name + "for=\"[2001:db8:cafe::17]:4711\"\r\n"), "2001:db8:cafe::17");
  for (const char* hidden :
       {"for=unknown", "for=_SEVKISEK", "proto=https", "for=", "203.0.113.7"}) {
    EXPECT_EQ(client_of(name + "for=198.51.100.1, " + hidden + ", for=10.0.0.1\r\n"), "10.0.0.1")
        << hidden;
  }
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
