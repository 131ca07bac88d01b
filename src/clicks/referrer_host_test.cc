// SPDX-License-Identifier: MIT
#include "clicks/referrer_host.h"

#include <algorithm>
#include <cstdio>
#include <random>

#include <gtest/gtest.h>

namespace ginnel::clicks {
namespace {

TEST(ReferrerHost, IsInLowerCaseAndWithoutEverythingAround) {
  EXPECT_EQ(referrer_host("https://News.Example.ORG:8080/x?y"), "news.example.org");
  EXPECT_EQ(referrer_host("HTTP://example.org"), "example.org");
  EXPECT_EQ(referrer_host("http://example.org?q"), "example.org");
  EXPECT_EQ(referrer_host("http://example.org#f"), "example.org");
  EXPECT_EQ(referrer_host("https://example.org./"), "example.org");
  EXPECT_EQ(referrer_host("https://localhost/"), "localhost");
  EXPECT_EQ(referrer_host("https://_dmarc.example.org/"), "_dmarc.example.org");
}

TEST(ReferrerHost, HoldsNoCredentials) {
  EXPECT_EQ(referrer_host("https://user:secret@example.org/"), "example.org");
  EXPECT_EQ(referrer_host("https://a@b@example.org:1/"), "example.org");
}

TEST(ReferrerHost, IsTheNameOfAnAndroidApp) {
  EXPECT_EQ(referrer_host("android-app://com.google.android.gm/"), "com.google.android.gm");
  EXPECT_EQ(referrer_host("android-app://org.telegram.messenger"), "org.telegram.messenger");
}

TEST(ReferrerHost, IsAscii) {
  EXPECT_EQ(referrer_host("https://xn--mnchen-3ya.example/"), "xn--mnchen-3ya.example");
  EXPECT_EQ(referrer_host("https://M\xc3\xbcnchen.example/"), "xn--mnchen-3ya.example");
  EXPECT_EQ(referrer_host("https://m%C3%BCnchen.example/"), "xn--mnchen-3ya.example");
}

TEST(ReferrerHost, MayBeAnAddress) {
  EXPECT_EQ(referrer_host("http://192.0.2.1:80/"), "192.0.2.1");
  EXPECT_EQ(referrer_host("http://[2001:DB8:0::1]:80/"), "[2001:db8::1]");
}

TEST(ReferrerHost, IsEmptyForEverythingElse) {
  for (const std::string_view referrer : {"",
                                          "example.org",
                                          "//example.org/",
                                          "https:example.org",
                                          "https:/example.org",
                                          "https://",
                                          "https:///x",
                                          "https://:80/",
                                          "https://.",
                                          "https://./",
                                          "https://..",
                                          "https://a..b/",
                                          "https://.a/",
                                          "ftp://example.org/",
                                          "javascript:alert(1)",
                                          "about:blank",
                                          "data:,x",
                                          "https://exa mple.org/",
                                          "https://exam\tple.org/",
                                          "https://exa\"mple.org/",
                                          "https://example.org:port/",
                                          "https://example.org:123456/",
                                          "https://ex\\ample.org/",
                                          "https://[::1/",
                                          "https://[nonsense]/",
                                          "https://example.org%00/",
                                          "https://%2f/",
                                          "https://example.org\xff/",
                                          " https://example.org/",
                                          "https ://example.org/"}) {
    EXPECT_EQ(referrer_host(referrer), "") << referrer;
  }
}

TEST(ReferrerHost, KnowsHowLongNamesMayBe) {
  const std::string label(63, 'a');
  const std::string longest = label + "." + label + "." + label + "." + std::string(40, 'b');

  EXPECT_EQ(referrer_host("https://" + longest + "/"), longest);
  EXPECT_EQ(referrer_host("https://a" + label + ".example/"), "");
  EXPECT_EQ(referrer_host("https://" + label + "." + label + "." + label + "." + label + ".b/"),
            "");
}

TEST(ReferrerHost, IsUnknownWhenItMayHaveBeenCut) {
  std::string referrer = "https://";
  while (referrer.size() < 256) {
    referrer += referrer.size() % 50 == 49 ? '.' : 'a';
  }

  EXPECT_EQ(referrer_host(referrer), "");
  EXPECT_NE(referrer_host(referrer.substr(0, 255)), "");
  EXPECT_EQ(referrer_host("https://example.org/" + std::string(236, 'x')), "example.org");
}

TEST(ReferrerHost, IsCleanWhateverTheReferrerIs) {
  constexpr std::string_view kSigns =
      "ab.-_:/@[]?#%\\ \xc3\xbc\x01"
      "19";
  std::mt19937 random(11);
  int hosts = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string referrer = round % 2 == 0 ? "https://" : "android-app://";
    for (std::size_t left = random() % 40; left > 0; --left) {
      referrer += random() % 3 == 0 ? kSigns[random() % kSigns.size()] : 'a';
    }

    const std::string host = referrer_host(referrer);

    ASSERT_LE(host.size(), 255u);
    ASSERT_TRUE(std::ranges::all_of(host, [&host](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' ||
             (host.starts_with('[') && (c == '[' || c == ']' || c == ':'));
    })) << referrer;
    hosts += host.empty() ? 0 : 1;
  }
  std::printf("20,000 random referrers had %d hosts\n", hosts);
  EXPECT_GT(hosts, 100);
}

}  // namespace
}  // namespace ginnel::clicks
