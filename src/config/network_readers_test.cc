// SPDX-License-Identifier: MIT
#include "config/network_readers.h"

#include <gtest/gtest.h>

namespace ginnel::config {
namespace {

constexpr Ipv6Support kIpv6{.any = true, .loopback = true};
constexpr Ipv6Support kNoIpv6{};

/// The addresses as texts, or the message of the fault.
std::vector<std::string> listened(std::string_view text, Ipv6Support ipv6 = kIpv6) {
  const auto addresses = parse_listen(text, ipv6);
  if (!addresses) {
    return {addresses.error().message};
  }
  std::vector<std::string> texts;
  for (const http::ListenAddress& address : *addresses) {
    texts.push_back(to_text(address));
  }
  return texts;
}

using Texts = std::vector<std::string>;

TEST(ParseListen, TakesLiteralsOfBothFamilies) {
  EXPECT_EQ(listened("127.0.0.1:8080, [::1]:9000"), (Texts{"127.0.0.1:8080", "[::1]:9000"}));
  EXPECT_EQ(listened("[0:0::1]:80"), Texts{"[::1]:80"});
}

TEST(ParseListen, TakesLocalhostForTheLoopbackAddressesThatExist) {
  EXPECT_EQ(listened("localhost:8080"), (Texts{"127.0.0.1:8080", "[::1]:8080"}));
  EXPECT_EQ(listened("localhost:8080", kNoIpv6), Texts{"127.0.0.1:8080"});
  EXPECT_EQ(listened("localhost:8080", {.any = true, .loopback = false}), Texts{"127.0.0.1:8080"});
}

TEST(ParseListen, TakesAPortAloneForEveryAddress) {
  EXPECT_EQ(listened(":8080"), Texts{"[::]:8080"});
  EXPECT_EQ(listened(":8080", kNoIpv6), Texts{"0.0.0.0:8080"});
}

TEST(ParseListen, TakesPortZeroAsOftenAsWanted) {
  EXPECT_EQ(listened("127.0.0.1:0,127.0.0.1:0"), (Texts{"127.0.0.1:0", "127.0.0.1:0"}));
}

TEST(ParseListen, RefusesAnAddressThatComesTwice) {
  EXPECT_EQ(listened("localhost:80,127.0.0.1:80"), Texts{"127.0.0.1:80 comes twice"});
  EXPECT_EQ(listened("[::1]:80,[0::1]:80"), Texts{"[::1]:80 comes twice"});
}

TEST(ParseListen, NamesTheItemAtFault) {
  for (const char* text : {"8080",
                           "127.0.0.1",
                           "127.0.0.1:",
                           "127.0.0.1:65536",
                           "127.0.0.1:x",
                           "::1:8080",
                           "[::1]",
                           "[127.0.0.1]:80",
                           "example.org:80",
                           "127.1:80",
                           "http://127.0.0.1:80"}) {
    const auto addresses = parse_listen("127.0.0.1:1," + std::string(text), kIpv6);
    ASSERT_FALSE(addresses) << text;
    EXPECT_EQ(addresses.error().detail, text);
  }
}

TEST(ParseListen, RefusesAnEmptyList) {
  EXPECT_FALSE(parse_listen("", kIpv6));
  EXPECT_FALSE(parse_listen("127.0.0.1:80,", kIpv6));
}

TEST(ParseNetworks, TakesNetworksAndSingleAddresses) {
  EXPECT_EQ(*parse_networks("10.0.0.0/8, 192.0.2.7,fd00::/8, ::1"),
            (Texts{"10.0.0.0/8", "192.0.2.7", "fd00::/8", "::1"}));
  EXPECT_TRUE(parse_networks("")->empty());
}

TEST(ParseNetworks, RefusesBitsBeyondThePrefixAndSaysWhatWasMeant) {
  EXPECT_EQ(parse_networks("10.1.2.3/8").error().message, "10.0.0.0/8 (no bits beyond the prefix)");
  EXPECT_EQ(parse_networks("fd00::1/8").error().message, "fd00::/8 (no bits beyond the prefix)");
}

TEST(ParseNetworks, RefusesWhatIsNone) {
  for (const char* text :
       {"10.0.0.0/33", "10.0.0/8", "fd00::/129", "::1/", "/8", "example.org", "10.0.0.0/8/8"}) {
    EXPECT_FALSE(parse_networks(text)) << text;
  }
}

TEST(ParsePublicUrl, DropsTheSlashAtTheEnd) {
  EXPECT_EQ(*parse_public_url("https://go.example.org/"), "https://go.example.org");
  EXPECT_EQ(*parse_public_url(" http://localhost:8080 "), "http://localhost:8080");
  EXPECT_EQ(*parse_public_url("https://example.org/go/"), "https://example.org/go");
  EXPECT_EQ(*parse_public_url("http://[::1]:8080"), "http://[::1]:8080");
}

TEST(ParsePublicUrl, RefusesWhatShortUrlsCannotBeginWith) {
  for (const char* text : {"",
                           "go.example.org",
                           "ftp://example.org",
                           "http://",
                           "http:///x",
                           "https://u:p@example.org",
                           "https://u@example.org",
                           "https://example.org?x=1",
                           "https://example.org/#a",
                           "https://exa mple.org",
                           "https://ex\xc3\xa4mple.org",
                           "http://h:99999",
                           "javascript:x",
                           "https://example.org/\r\nX: y"}) {
    EXPECT_FALSE(parse_public_url(text)) << text;
  }
}

TEST(ParseHosts, GivesThemInLowerCase) {
  EXPECT_EQ(*parse_hosts("Example.ORG, ::1, xn--bcher-kva.example"),
            (Texts{"example.org", "::1", "xn--bcher-kva.example"}));
  EXPECT_TRUE(parse_hosts("")->empty());
}

TEST(ParseHosts, RefusesUrlsPortsAndNamesThatAreNotAscii) {
  for (const char* text : {"https://example.org",
                           "example.org:80",
                           "example.org/",
                           ".example.org",
                           "b\xc3\xbc.example",
                           "a b",
                           "a,,b"}) {
    EXPECT_FALSE(parse_hosts(text)) << text;
  }
}

TEST(ParseDatabaseUrl, TakesWhatTheStoreOpens) {
  EXPECT_EQ(*parse_database_url("sqlite:data/ginnel.db"), "sqlite:data/ginnel.db");
  EXPECT_EQ(*parse_database_url("sqlite::memory:"), "sqlite::memory:");
  EXPECT_FALSE(parse_database_url("sqlite:"));
  EXPECT_FALSE(parse_database_url("data/ginnel.db"));
  EXPECT_FALSE(parse_database_url("mysql://h/d"));
}

}  // namespace
}  // namespace ginnel::config
