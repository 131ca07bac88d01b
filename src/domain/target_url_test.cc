// SPDX-License-Identifier: MIT
#include "domain/target_url.h"

#include <ostream>
#include <string>

#include <gtest/gtest.h>

#include "domain/location.h"

namespace ginnel::domain {
namespace {

const TargetRules kOwnHosts = {{"ginnel.example"}};

std::string message_of(std::string_view url) {
  const auto target = TargetUrl::parse(url, kOwnHosts);
  return target ? "taken" : target.error().message;
}

struct Taken {
  const char* url;
  const char* location;
};

void PrintTo(const Taken& taken, std::ostream* out) {  // NOLINT: GoogleTest asks for this name
  *out << taken.url;
}

class TakenUrl : public testing::TestWithParam<Taken> {};

TEST_P(TakenUrl, IsKeptAsSentAndLeadsToItsLocation) {
  const auto target = TargetUrl::parse(GetParam().url, kOwnHosts);
  ASSERT_TRUE(target) << GetParam().url << ": " << target.error().message << " "
                      << target.error().detail;
  EXPECT_EQ(target->text(), GetParam().url);
  EXPECT_EQ(location_of(target->text()), GetParam().location);
}

constexpr Taken kOrdinary[] = {
    {"https://example.com", "https://example.com"},
    {"https://example.com/", "https://example.com/"},
    {"http://example.com?", "http://example.com?"},
    {"http://example.com#", "http://example.com#"},
    {"https://example.com?q=1", "https://example.com?q=1"},
    {"https://example.com#top", "https://example.com#top"},
    {"HTTPS://EXAMPLE.COM/Path?Query#Frag", "https://example.com/Path?Query#Frag"},
    {"hTTp://Example.Com:8080/", "http://example.com:8080/"},
    {"https://example.com:443", "https://example.com:443"},
    {"https://example.com:1/", "https://example.com:1/"},
    {"https://example.com:65535/", "https://example.com:65535/"},
    {"https://example.com:00080/", "https://example.com:00080/"},
    {"https://example.com./", "https://example.com./"},
    {"https://sub-domain.example.co.uk/", "https://sub-domain.example.co.uk/"},
    {"https://1.example.com/", "https://1.example.com/"},
    {"https://4chan.org", "https://4chan.org"},
    {"https://x.io", "https://x.io"},
    {"https://t.me/x", "https://t.me/x"},
    {"https://r3---sn-4g5.example.com/", "https://r3---sn-4g5.example.com/"},
    {"https://my_shop.example.com/", "https://my_shop.example.com/"},
    {"https://_dmarc.example.com/", "https://_dmarc.example.com/"},
    {"https://a-.surge.sh/", "https://a-.surge.sh/"},
    {"https://-a.example.com/", "https://-a.example.com/"},
    {"https://x.-.a-.example.com", "https://x.-.a-.example.com"},
    {"http://example.com:/", "http://example.com/"},
    {"http://Example.com:", "http://example.com"},
    {"https://example.com:?q=:", "https://example.com?q=:"},
    {"https://example.com:#:", "https://example.com#:"},
    {"https://b\u00fccher.de:/", "https://xn--bcher-kva.de/"},
    {"http://[2606:4700::1111]:/x", "http://[2606:4700::1111]/x"},
    {"https://localhost.example.com/", "https://localhost.example.com/"},
    {"https://snip.io/", "https://snip.io/"},
    {"https://notlocalhost.com/", "https://notlocalhost.com/"},
    {"https://mylocal.com/", "https://mylocal.com/"},
    {"https://internal.example.com/", "https://internal.example.com/"},
    {"https://notginnel.example/", "https://notginnel.example/"},
    {"https://sub.ginnel.example/", "https://sub.ginnel.example/"},
    {"https://example.com/?u=http://localhost/", "https://example.com/?u=http://localhost/"},
    {"https://example.com/@user", "https://example.com/@user"},
    {"https://example.com/?a@b", "https://example.com/?a@b"},
    {"https://example.com//double//slash", "https://example.com//double//slash"},
    {"https://example.com/a:b", "https://example.com/a:b"},
    {"https://example.com/../x", "https://example.com/../x"},
};
INSTANTIATE_TEST_SUITE_P(Ordinary, TakenUrl, testing::ValuesIn(kOrdinary));

constexpr Taken kPasted[] = {
    {"https://example.com/{x}", "https://example.com/%7Bx%7D"},
    {"https://example.com/a|b", "https://example.com/a%7Cb"},
    {"https://example.com/?f={\"a\":1}|^`", "https://example.com/?f=%7B%22a%22:1%7D%7C%5E%60"},
    {"https://example.com/%7B{", "https://example.com/%7B%7B"},
    {"https://example.com/#/{x}|^`", "https://example.com/#/{x}|^`"},
    {"https://example.com/?{#}", "https://example.com/?%7B#}"},
    {"https://example.com/?a[]=1&b[2]=3", "https://example.com/?a[]=1&b[2]=3"},
    {"https://example.com/a b", "https://example.com/a%20b"},
    {"https://example.com/?q=a b", "https://example.com/?q=a%20b"},
    {"https://example.com/\"<>", "https://example.com/%22%3C%3E"},
    {"https://example.com/`^", "https://example.com/%60%5E"},
    {"https://example.com/?p=C:\\x", "https://example.com/?p=C:%5Cx"},
    {"https://example.com/#a\\b", "https://example.com/#a%5Cb"},
    {"https://example.com/%zz%", "https://example.com/%zz%"},
    {"https://example.com/%2F%c3%A9", "https://example.com/%2F%c3%A9"},
    {"https://example.com/%0d%0aSet-Cookie:x", "https://example.com/%0d%0aSet-Cookie:x"},
    {"https://example.com/caf\u00e9", "https://example.com/caf%C3%A9"},
    {"https://example.com/\u4f60\u597d?\u00fc=\u00df#\u00e5",
     "https://example.com/%E4%BD%A0%E5%A5%BD?%C3%BC=%C3%9F#%C3%A5"},
    {"https://example.com/\U0001f600", "https://example.com/%F0%9F%98%80"},
    {"https://example.com/a\u0085b", "https://example.com/a%C2%85b"},
    {"https://example.com/\u202eabc", "https://example.com/%E2%80%AEabc"},
    {"https://example.com/!$&'()*+,;=~", "https://example.com/!$&'()*+,;=~"},
};
INSTANTIATE_TEST_SUITE_P(Pasted, TakenUrl, testing::ValuesIn(kPasted));

constexpr Taken kInternational[] = {
    {"https://b\u00fccher.de", "https://xn--bcher-kva.de"},
    {"https://B\u00dcCHER.de:8080/x", "https://xn--bcher-kva.de:8080/x"},
    {"https://b%C3%BCcher.de/", "https://xn--bcher-kva.de/"},
    {"https://xn--bcher-kva.de/", "https://xn--bcher-kva.de/"},
    {"https://example.xn--p1ai/", "https://example.xn--p1ai/"},
    {"https://\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444/",
     "https://xn--e1afmkfd.xn--p1ai/"},
    {"https://\u4f8b\u3048\u3002\u30c6\u30b9\u30c8/", "https://xn--r8jz45g.xn--zckzah/"},
    {"https://stra\u00dfe.de/", "https://xn--strae-oqa.de/"},
    {"https://\u2603.net/", "https://xn--n3h.net/"},
    {"https://i\u2764.ws", "https://xn--i-7iq.ws"},
    {"https://\U0001f4a9.la/", "https://xn--ls8h.la/"},
    {"https://b\u00fccher.de./", "https://xn--bcher-kva.de./"},
    {"https://\uff45xample.com/", "https://example.com/"},
    {"https://ex%61mple.com/", "https://example.com/"},
    {"https://_x.b\u00fccher.de/", "https://_x.xn--bcher-kva.de/"},
    {"https://b-.b\u00fccher.de/", "https://b-.xn--bcher-kva.de/"},
    {"https://ab--c.b\u00fccher.de/", "https://ab--c.xn--bcher-kva.de/"},
    {"https://\U0001f972.ws/", "https://xn--ls9h.ws/"},  // Unicode 13
    {"https://\U0001f6dd.ws/", "https://xn--p88h.ws/"},  // Unicode 14
    {"https://\U0001fa77.ws/", "https://xn--1z9h.ws/"},  // Unicode 15
    {"https://\u2c2f.example.com/",
     "https://xn--5fj.example.com/"},  // a letter of Unicode 14, mapped
};
INSTANTIATE_TEST_SUITE_P(International, TakenUrl, testing::ValuesIn(kInternational));

constexpr Taken kAddresses[] = {
    {"http://8.8.8.8/", "http://8.8.8.8/"},
    {"http://1.1.1.1:8080", "http://1.1.1.1:8080"},
    {"http://8.8.8.8./", "http://8.8.8.8./"},
    {"http://134744072/", "http://134744072/"},
    {"http://0x08.0x8.8.8/", "http://0x08.0x8.8.8/"},
    {"http://\uff18.8.8.8/", "http://8.8.8.8/"},
    {"http://172.15.255.255/", "http://172.15.255.255/"},
    {"http://172.32.0.1/", "http://172.32.0.1/"},
    {"http://100.63.255.255/", "http://100.63.255.255/"},
    {"http://223.255.255.255/", "http://223.255.255.255/"},
    {"http://[2606:4700::1111]/", "http://[2606:4700::1111]/"},
    {"http://[2606:4700:0:0::ABCD]:8443/x", "http://[2606:4700:0:0::abcd]:8443/x"},
    {"http://[2a00:1450:4001:82a::200e]", "http://[2a00:1450:4001:82a::200e]"},
    {"http://[2001:470::5eff:7f00:1]/", "http://[2001:470::5eff:7f00:1]/"},  // nearly ISATAP
    {"http://[2001:470::1:5efe:7f00:1]/", "http://[2001:470::1:5efe:7f00:1]/"},
    {"http://[2001:470::400:5efe:7f00:1]/", "http://[2001:470::400:5efe:7f00:1]/"},
    {"http://[2001:470:0:5efe::1]/", "http://[2001:470:0:5efe::1]/"},
};
INSTANTIATE_TEST_SUITE_P(PublicAddresses, TakenUrl, testing::ValuesIn(kAddresses));

std::string url_of_length(std::size_t length, std::string_view filler) {
  std::string url = "https://example.com/";
  for (std::size_t i = url.size(); i < length; ++i) {
    url += filler;
  }
  return url;
}

TEST(TargetUrl, HasAtMostAsManyCharactersAsAreAllowed) {
  TargetRules rules;
  rules.max_length = 100;
  EXPECT_TRUE(TargetUrl::parse(url_of_length(100, "\u00e9"), rules));
  EXPECT_EQ(TargetUrl::parse(url_of_length(101, "a"), rules).error().message,
            "URL must not exceed 100 characters");
  EXPECT_TRUE(TargetUrl::parse_kept(url_of_length(2'048, "a"), rules)) << "as it was once";
  rules.max_length = 8'000;
  EXPECT_TRUE(TargetUrl::parse(url_of_length(8'000, "a"), rules));
}

TEST(TargetUrl, HasAtMost2048Characters) {
  EXPECT_EQ(message_of(url_of_length(2048, "a")), "taken");
  EXPECT_EQ(message_of(url_of_length(2048, "\u00e9")), "taken") << "characters, not bytes";
  EXPECT_EQ(message_of(url_of_length(2049, "a")), "URL must not exceed 2048 characters");
  EXPECT_EQ(message_of(url_of_length(2048, "\n") + "x"), "URL must not exceed 2048 characters")
      << "asked first";
}

TEST(TargetUrl, HasLabelsOfAtMost63Characters) {
  EXPECT_EQ(message_of("https://" + std::string(63, 'a') + ".com/"), "taken");
  EXPECT_EQ(message_of("https://" + std::string(64, 'a') + ".com/"),
            "URL hostname label exceeds 63 characters");
  EXPECT_EQ(message_of("https://" + std::string(70, 'a') + "\u00fc.com/"),
            "URL hostname label exceeds 63 characters");
}

TEST(TargetUrl, HasAHostOfAtMost253Characters) {
  std::string host;
  while (host.size() < 248) {
    host += "abc.";
  }
  EXPECT_EQ(message_of("https://" + host + "x.com/"), "taken") << host.size() + 5;
  EXPECT_EQ(message_of("https://" + host + "xy.com/"), "URL hostname is too long");
}

TEST(TargetUrl, IsTrimmedAndOtherwiseKeptAsSent) {
  const auto target = TargetUrl::parse(" \r\n HTTP://Example.COM/a b \t", {});
  ASSERT_TRUE(target);
  EXPECT_EQ(target->text(), "HTTP://Example.COM/a b");
}

/// White space and ignorable signs that come along from pages, mails and spreadsheets.
constexpr const char* kInvisible[] = {"\u00a0",
                                      "\u00ad",
                                      "\u061c",
                                      "\u1680",
                                      "\u180e",
                                      "\u200b",
                                      "\u200d",
                                      "\u200e",
                                      "\u2028",
                                      "\u202a",
                                      "\u202c",
                                      "\u2060",
                                      "\u2069",
                                      "\u3000",
                                      "\u3164",
                                      "\ufe0f",
                                      "\ufeff",
                                      "\U000e0001",
                                      " \u200b\u00a0\ufeff \n"};

TEST(TargetUrl, LosesWhatIsInvisibleAroundIt) {
  const std::string url = "https://example.com/a\u200bb";
  for (const std::string sign : kInvisible) {
    const auto target = TargetUrl::parse(sign + url + sign, {});
    ASSERT_TRUE(target) << target.error().message;
    EXPECT_EQ(target->text(), url);
    EXPECT_EQ(message_of(sign), "original_url must be a non-empty string");
  }
}

TEST(TargetUrl, KeepsTheEndOfAnEmoji) {
  for (const std::string url : {"https://example.com/\u2764\ufe0f",
                                "https://example.com/?q=\U0001f3f4\U000e0067\U000e0062\U000e007f",
                                "https://example.com/\u0d28\u0d4d\u200d"}) {
    EXPECT_EQ(TargetUrl::parse(url + "\u200b", {})->text(), url);
  }
}

TEST(TargetUrl, IsToldWhereItBeginsTwice) {
  constexpr const char* kTwice = "URL begins with http:// or https:// twice; remove one";
  for (const char* url : {"https://https://example.com",
                          "http://https://example.com/x",
                          "https://HTTP://example.com",
                          "https://http//example.com",
                          "https://https:/example.com",
                          "https://https:"}) {
    EXPECT_EQ(message_of(url), kTwice) << url;
  }
  EXPECT_EQ(message_of("https://https.example.com//x"), "taken");
  EXPECT_EQ(message_of("https://example.com/https://example.com"), "taken");
  EXPECT_EQ(message_of("https://https/"), "URL hostname must include a domain and TLD");
}

TEST(TargetUrl, LeadsToNoHostThatBrowsersRefuseForItsDirections) {
  EXPECT_EQ(message_of("https://\u2764\u05d0a.com/"), "URL hostname contains invalid characters");
  EXPECT_EQ(message_of("https://\u05d0\u05d1.com/"), "taken");
}

TEST(KeptTarget, IsTakenAsItWasBefore) {
  for (const char* url : {"https://example.com/x\u200b",
                          "https://example.com/x\u00a0",
                          "https://example.com/\u202e",
                          "https://\u2764\u05d0a.com/",
                          "http://example.com:/",
                          "https://a-.surge.sh/"}) {
    const auto target = TargetUrl::parse_kept(url, kOwnHosts);
    ASSERT_TRUE(target) << url << ": " << target.error().message;
    EXPECT_EQ(target->text(), url);
  }
  EXPECT_EQ(TargetUrl::parse_kept(" https://example.com\n", {})->text(), "https://example.com");
  EXPECT_FALSE(TargetUrl::parse_kept("\u200bhttps://example.com", {}));
  EXPECT_FALSE(TargetUrl::parse_kept("https://ginnel.example/", kOwnHosts));
}

TEST(TargetUrl, RefusalsAreInvalidInput) {
  const auto target = TargetUrl::parse("http://localhost", {});
  ASSERT_FALSE(target);
  EXPECT_EQ(target.error().kind, ErrorKind::kInvalid);
}

TEST(TargetUrl, MayNotHoldANulByte) {
  EXPECT_EQ(message_of(std::string_view("https://example.com/\0x", 22)),
            "URL contains invalid characters");
  EXPECT_EQ(message_of(std::string_view("https://example.com\0.evil.com", 29)),
            "URL contains invalid characters");
}

}  // namespace
}  // namespace ginnel::domain
