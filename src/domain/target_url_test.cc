// SPDX-License-Identifier: MIT
#include "domain/target_url.h"

#include <ostream>
#include <string>

#include <gtest/gtest.h>

namespace ginnel::domain {
namespace {

const std::vector<std::string>& own_hosts() {
  static const std::vector<std::string> hosts = {
      "ginnel.example", "go.ginnel.example", "xn--grnt-1ra.example", "8.8.4.4", "2606:4700::9999"};
  return hosts;
}

std::string message_of(std::string_view url) {
  const auto target = TargetUrl::parse(url, own_hosts());
  return target ? "taken" : target.error().message;
}

// ---- what is taken --------------------------------------------------------------------------

struct Taken {
  const char* url;
  const char* location;
};

void PrintTo(const Taken& taken, std::ostream* out) {  // NOLINT: GoogleTest asks for this name
  *out << taken.url;
}

class TakenUrl : public testing::TestWithParam<Taken> {};

TEST_P(TakenUrl, IsKeptAsSentAndLeadsToItsLocation) {
  const auto target = TargetUrl::parse(GetParam().url, own_hosts());
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
    {"https://localhost.example.com/", "https://localhost.example.com/"},
    {"https://notlocalhost.com/", "https://notlocalhost.com/"},
    {"https://mylocal.com/", "https://mylocal.com/"},
    {"https://internal.example.com/", "https://internal.example.com/"},
    {"https://notginnel.example/", "https://notginnel.example/"},
    {"https://sub.ginnel.example/", "https://sub.ginnel.example/"},
    {"https://127.0.0.1.nip.io/", "https://127.0.0.1.nip.io/"},
    {"https://example.com/?u=http://localhost/", "https://example.com/?u=http://localhost/"},
    {"https://example.com/@user", "https://example.com/@user"},
    {"https://example.com/?a@b", "https://example.com/?a@b"},
    {"https://example.com//double//slash", "https://example.com//double//slash"},
    {"https://example.com/a:b", "https://example.com/a:b"},
    {"https://example.com/../x", "https://example.com/../x"},
};
INSTANTIATE_TEST_SUITE_P(Ordinary, TakenUrl, testing::ValuesIn(kOrdinary));

constexpr Taken kPasted[] = {
    {"https://example.com/{x}", "https://example.com/{x}"},
    {"https://example.com/a|b", "https://example.com/a|b"},
    {"https://example.com/?a[]=1&b[2]=3", "https://example.com/?a[]=1&b[2]=3"},
    {"https://example.com/a b", "https://example.com/a%20b"},
    {"https://example.com/?q=a b", "https://example.com/?q=a%20b"},
    {"https://example.com/\"<>", "https://example.com/%22%3C%3E"},
    {"https://example.com/`^", "https://example.com/`^"},
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
};
INSTANTIATE_TEST_SUITE_P(PublicAddresses, TakenUrl, testing::ValuesIn(kAddresses));

// ---- what is refused ------------------------------------------------------------------------

class ReservedHost : public testing::TestWithParam<const char*> {};

TEST_P(ReservedHost, IsRefusedInEveryNotation) {
  EXPECT_EQ(message_of(GetParam()), "URL references a reserved or private host") << GetParam();
}

INSTANTIATE_TEST_SUITE_P(Names,
                         ReservedHost,
                         testing::Values("http://localhost",
                                         "http://localhost:8080/",
                                         "http://LOCALHOST/",
                                         "http://localhost./",
                                         "http://localhost../",
                                         "http://foo.localhost/",
                                         "http://localhost.localdomain/",
                                         "http://any.localdomain/",
                                         "http://broadcasthost/",
                                         "http://ip6-localhost/",
                                         "http://printer.local/",
                                         "http://a.local./",
                                         "http://local/",
                                         "http://metadata.google.internal/computeMetadata/",
                                         "http://anything.internal/",
                                         "http://instance-data/latest/",
                                         "http://instance-data.ec2.internal/",
                                         "http://metadata/",
                                         "http://metadata.tencentyun.com/",
                                         "http://home.arpa/",
                                         "http://nas.home.arpa/",
                                         "http://kubernetes.default.svc/",
                                         "http://x.svc.cluster.local/"));

INSTANTIATE_TEST_SUITE_P(Disguises,
                         ReservedHost,
                         testing::Values("http://%6cocalhost/",
                                         "http://%6C%6F%63%61%6C%68%6F%73%74/",
                                         "http://localhost%2e/",
                                         "http://a%2Elocal/",
                                         "http://\uff2c\uff2f\uff23\uff21\uff2c\uff28\uff2f\uff33"
                                         "\uff34/",
                                         "http://\u24db\u24de\u24d2\u24d0\u24db\u24d7\u24de\u24e2"
                                         "\u24e3/",
                                         "http://loc\u00adalhost/",
                                         "http://localho\u017ft/",
                                         "http://printer\u3002local/",
                                         "http://localhost\u3002/",
                                         "http://printer\uff0elocal/",
                                         "http://%EF%BD%8Cocalhost/",
                                         "http://0.0.0.0/",
                                         "http://0/",
                                         "http://0x0/",
                                         "http://00.0.0.0:80/"));

INSTANTIATE_TEST_SUITE_P(OurOwn,
                         ReservedHost,
                         testing::Values("https://ginnel.example",
                                         "https://GINNEL.example:8443/abc",
                                         "https://ginnel.example./",
                                         "https://ginnel%2Eexample/",
                                         "https://go.ginnel.example/x",
                                         "https://gr\u00fcnt.example/",
                                         "http://8.8.4.4/",
                                         "http://134743044/",
                                         "http://[2606:4700:0::9999]/"));

class PrivateAddress : public testing::TestWithParam<const char*> {};

TEST_P(PrivateAddress, IsRefusedInEveryNotation) {
  EXPECT_EQ(message_of(GetParam()), "URL references a private or loopback IP address")
      << GetParam();
}

INSTANTIATE_TEST_SUITE_P(V4,
                         PrivateAddress,
                         testing::Values("http://127.0.0.1/",
                                         "http://127.255.255.254:9000",
                                         "http://10.0.0.1/",
                                         "http://172.16.0.1/",
                                         "http://172.31.255.255/",
                                         "http://192.168.1.1/",
                                         "http://169.254.169.254/latest/meta-data/",
                                         "http://100.64.0.1/",
                                         "http://100.100.100.200/",
                                         "http://100.127.255.255/",
                                         "http://198.18.0.1/",
                                         "http://198.19.255.255/",
                                         "http://192.0.0.1/",
                                         "http://192.0.2.1/",
                                         "http://198.51.100.1/",
                                         "http://203.0.113.1/",
                                         "http://192.88.99.1/",
                                         "http://168.63.129.16/",
                                         "http://224.0.0.1/",
                                         "http://239.255.255.255/",
                                         "http://240.0.0.1/",
                                         "http://255.255.255.255/",
                                         "http://0.1.2.3/"));

INSTANTIATE_TEST_SUITE_P(V4Disguises,
                         PrivateAddress,
                         testing::Values("http://2130706433/",
                                         "http://0x7f000001/",
                                         "http://0X7F.1/",
                                         "http://0177.0.0.1/",
                                         "http://017700000001/",
                                         "http://127.1/",
                                         "http://127.0.1/",
                                         "http://127.0.0.1./",
                                         "http://127.0.0.1../",
                                         "http://127.1./",
                                         "http://0300.0250.1/",
                                         "http://2852039166/",
                                         "http://%31%32%37.1/",
                                         "http://127%2e0.0.1/",
                                         "http://\uff11\uff12\uff17.0.0.1/",
                                         "http://\uff11\uff12\uff17\u3002\uff11/",
                                         "http://\uff10x7f000001/",
                                         "http://\u2460\u2461\u2466.0.0.1/",
                                         "http://%EF%BC%91%EF%BC%92%EF%BC%97.1/",
                                         "http://127\u3002\u00300\u3002\u00300\u30021/"));

INSTANTIATE_TEST_SUITE_P(V6,
                         PrivateAddress,
                         testing::Values("http://[::1]/",
                                         "http://[::1]:8080/",
                                         "http://[0:0:0:0:0:0:0:1]/",
                                         "http://[::]/",
                                         "http://[fc00::1]/",
                                         "http://[fdff::1]/",
                                         "http://[fe80::1]/",
                                         "http://[fec0::1]/",
                                         "http://[ff02::1]/",
                                         "http://[::ffff:127.0.0.1]/",
                                         "http://[::FFFF:7f00:1]/",
                                         "http://[::ffff:8.8.8.8]/",
                                         "http://[::127.0.0.1]/",
                                         "http://[::ffff:0:127.0.0.1]/",
                                         "http://[64:ff9b::127.0.0.1]/",
                                         "http://[64:ff9b:1::1]/",
                                         "http://[2002:7f00:1::]/",
                                         "http://[2001::1]/",
                                         "http://[2001:0:4136:e378::]/",
                                         "http://[2001:2::1]/",
                                         "http://[2001:db8::1]/",
                                         "http://[3fff::1]/",
                                         "http://[5f00::1]/",
                                         "http://[100::1]/",
                                         "http://[4000::1]/"));

struct Refused {
  const char* url;
  const char* message;
};

void PrintTo(const Refused& refused, std::ostream* out) {  // NOLINT: GoogleTest asks for this name
  *out << refused.url;
}

class RefusedUrl : public testing::TestWithParam<Refused> {};

TEST_P(RefusedUrl, NamesTheFirstRuleThatIsBroken) {
  EXPECT_EQ(message_of(GetParam().url), GetParam().message) << GetParam().url;
}

constexpr const char* kCharacters = "URL contains invalid characters";
constexpr const char* kScheme = "URL must start with http:// or https://";
constexpr const char* kHost = "URL has an invalid or missing host";
constexpr const char* kCredentials = "URL must not contain credentials";
constexpr const char* kPort = "URL has an invalid port";
constexpr const char* kHostCharacters = "URL hostname contains invalid characters";
constexpr const char* kNoDomain = "URL hostname must include a domain and TLD";
constexpr const char* kEmptyLabel = "URL hostname contains an empty label";
constexpr const char* kTopLevel = "URL has an invalid top-level domain";

constexpr Refused kBadStructure[] = {
    {"", "original_url must be a non-empty string"},
    {" \n ", "original_url must be a non-empty string"},
    {"https://example.com/a\nb", kCharacters},
    {"https://exam\tple.com/", kCharacters},
    {"https://example.com/\x7f", kCharacters},
    {"https://example.com/\x1b[0m", kCharacters},
    {"java\nscript:alert(1)", kCharacters},
    {"https://example.com/\xff", kCharacters},
    {"https://example.com/\xed\xa0\x80", kCharacters},
    {"https://evil.com\\@good.com", kCharacters},
    {"https://evil.com\\.good.com/", kCharacters},
    {"https:\\\\example.com", kCharacters},
    {"https://example.com/a\\b", kCharacters},
    {"example.com", kScheme},
    {"//example.com/", kScheme},
    {"ftp://example.com/", kScheme},
    {"javascript:alert(1)", kScheme},
    {"data:text/html,x", kScheme},
    {"file:///etc/passwd", kScheme},
    {"httpx://example.com", kScheme},
    {"://example.com", kScheme},
    {"1http://example.com", kScheme},
    {"h\u0442tp://example.com", kScheme},
    {"http:", kHost},
    {"http:/x", kHost},
    {"http:example.com", kHost},
    {"http://", kHost},
    {"http:///x", kHost},
    {"http:////example.com", kHost},
    {"http://?q", kHost},
    {"http://#f", kHost},
    {"http:// example.com/", kHost},
    {"http://example.com /", kHost},
    {"http://:80/", kHost},
    {"http://[::1", kHost},
    {"http://[]/", kHost},
    {"http://[::1]x/", kHost},
    {"http://[v1.x]/", kHost},
    {"http://[example.com]/", kHost},
    {"http://[1.2.3.4]/", kHost},
    {"http://[2606:4700::1111%25eth0]/", kHost},
    {"http://[fe80::1%25eth0]/", kHost},
    {"http://./", kHost},
    {"http://../", kHost},
    {"http://\u3002/", kHost},
    {"http://user@example.com/", kCredentials},
    {"http://user:pass@example.com/", kCredentials},
    {"http://@example.com/", kCredentials},
    {"http://good.com:80@evil.com/", kCredentials},
    {"http://a@b@example.com/", kCredentials},
    {"http://example.com:/", kPort},
    {"http://example.com:abc/", kPort},
    {"http://example.com:65536/", kPort},
    {"http://example.com:99999999999999999999/", kPort},
    {"http://example.com:-1/", kPort},
    {"http://example.com:+1/", kPort},
    {"http://example.com:80:80/", kPort},
    {"http://example.com: 80/", kPort},
    {"http://example.com:\uff18\uff10/", kPort},
    {"http://::1/", kPort},
    {"http://example.com:0/", "URL port is out of range"},
    {"http://example.com:000", "URL port is out of range"},
};
INSTANTIATE_TEST_SUITE_P(Structure, RefusedUrl, testing::ValuesIn(kBadStructure));

constexpr Refused kBadHosts[] = {
    {"http://example/", kNoDomain},
    {"http://intranet./", kNoDomain},
    {"http://4294967296/", kNoDomain},
    {"http://0x/", kNoDomain},
    {"http://a..com/", kEmptyLabel},
    {"http://.example.com/", kEmptyLabel},
    {"http://example.com../", kEmptyLabel},
    {"http://\u3002com/", kEmptyLabel},
    {"http://-a.com/", kHostCharacters},
    {"http://a-.com/", kHostCharacters},
    {"http://ex ample.com/", kHostCharacters},
    {"http://ex!ample.com/", kHostCharacters},
    {"http://ex*ample.com/", kHostCharacters},
    {"http://exa%2fmple.com/", kHostCharacters},
    {"http://good.com%2f.evil.com/", kHostCharacters},
    {"http://good.com%23.evil.com/", kHostCharacters},
    {"http://a%40b.com/", kHostCharacters},
    {"http://a%00.com/", kHostCharacters},
    {"http://a%0d%0ab.com/", kHostCharacters},
    {"http://a%20b.com/", kHostCharacters},
    {"http://a%5cb.com/", kHostCharacters},
    {"http://%256cocalhost/", kHostCharacters},
    {"http://\uff056cocalhost/", kHostCharacters},
    {"http://%zz.com/", kHostCharacters},
    {"http://ex\u2100ample.com/", kHostCharacters},
    {"http://good.com\uff0fevil.com/", kHostCharacters},
    {"http://good.com\uff20evil.com/", kHostCharacters},
    {"http://good.com\uff1f.evil.com/", kHostCharacters},
    {"http://good.com\uff3cevil.com/", kHostCharacters},
    {"http://good.com\uff1a80/", kHostCharacters},
    {"http://a\u0085b.com/", kHostCharacters},
    {"http://a\u00a0b.com/", kHostCharacters},
    {"http://\u00a0example.com/", kHostCharacters},
    {"http://a\u202eb.com/", kHostCharacters},
    {"http://%ff.com/", kHostCharacters},
    {"http://]/", kHostCharacters},
    {"http://my_shop.com/", kHostCharacters},
    {"http://www.my_shop.com/", kHostCharacters},
    {"http://example.c_m/", kHostCharacters},
    {"http://1.2.3.4.5/", kTopLevel},
    {"http://256.1.1.1/", kTopLevel},
    {"http://08.8.8.8/", kTopLevel},
    {"http://1.1.1.0x/", kTopLevel},
    {"http://example.0x7f/", kTopLevel},
    {"http://example.c/", kTopLevel},
    {"http://example.c0m/", kTopLevel},
    {"http://example.123/", kTopLevel},
};
INSTANTIATE_TEST_SUITE_P(Hosts, RefusedUrl, testing::ValuesIn(kBadHosts));

// ---- limits, and what a table cannot say ------------------------------------------------------

std::string url_of_length(std::size_t length, std::string_view filler) {
  std::string url = "https://example.com/";
  for (std::size_t i = url.size(); i < length; ++i) {
    url += filler;
  }
  return url;
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

TEST(TargetUrl, RefusalsAreInvalidInput) {
  const auto target = TargetUrl::parse("http://localhost", {});
  ASSERT_FALSE(target);
  EXPECT_EQ(target.error().kind, ErrorKind::kInvalid);
}

TEST(TargetUrl, MayNotHoldANulByte) {
  EXPECT_EQ(message_of(std::string_view("https://example.com/\0x", 22)), kCharacters);
  EXPECT_EQ(message_of(std::string_view("https://example.com\0.evil.com", 29)), kCharacters);
}

}  // namespace
}  // namespace ginnel::domain
