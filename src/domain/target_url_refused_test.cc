// SPDX-License-Identifier: MIT
#include <ostream>
#include <string>

#include <gtest/gtest.h>

#include "domain/target_url.h"

namespace ginnel::domain {
namespace {

// target_url_test.cc holds what is taken; here stands what is not, and why.

std::string refusal_of(std::string_view url) {
  const TargetRules rules = {{"ginnel.example",
                              "go.ginnel.example",
                              "xn--grnt-1ra.example",
                              "8.8.4.4",
                              "2606:4700::9999"}};
  const auto target = TargetUrl::parse(url, rules);
  return target ? "taken" : target.error().message;
}

class ReservedHost : public testing::TestWithParam<const char*> {};

TEST_P(ReservedHost, IsRefusedInEveryNotation) {
  EXPECT_EQ(refusal_of(GetParam()), "URL references a reserved or private host") << GetParam();
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

INSTANTIATE_TEST_SUITE_P(PublicNamesOfPrivateAddresses,
                         ReservedHost,
                         testing::Values("http://127.0.0.1.nip.io/",
                                         "http://app.10-0-0-1.nip.io:8080/",
                                         "http://7f000001.NIP.IO./",
                                         "http://192-168-1-1.sslip.io/",
                                         "http://localtest.me/",
                                         "http://a.localtest.me/",
                                         "http://lvh.me/"));

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
  EXPECT_EQ(refusal_of(GetParam()), "URL references a private or loopback IP address")
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

INSTANTIATE_TEST_SUITE_P(V4InsideV6,
                         PrivateAddress,
                         testing::Values("http://[::a9fe:a9fe]/",               // compatible
                                         "http://[::ffff:a00:1]/",              // mapped
                                         "http://[::ffff:0:c0a8:101]/",         // translated
                                         "http://[64:ff9b::a9fe:a9fe]/",        // NAT64
                                         "http://[64:ff9b:1:0:7f:0:100:0]/",    // local NAT64
                                         "http://[2002:a9fe:a9fe::1]:80/",      // 6to4
                                         "http://[2002:c0a8:101:1::1]/",        // 6to4
                                         "http://[2001:0:0:0:0:0:80ff:fffe]/",  // Teredo
                                         "http://[2001:470::5efe:7f00:1]/",     // ISATAP, all of:
                                         "http://[2001:470::5EFE:127.0.0.1]/",  //
                                         "http://[2001:470::200:5efe:a00:1]/",  //
                                         "http://[2606:4700:1:2:200:5efe:10.0.0.1]/",
                                         "http://[2a00:1450:4001:82a::5efe:169.254.169.254]/",
                                         "http://[2001:470:0:0:100:5efe:c0a8:101]/",
                                         "http://[2001:470:0:0:300:5efe:c0a8:101]/",
                                         "http://[2001:470::5efe:808:808]/",
                                         "http://[fe80::5efe:7f00:1]/"));

struct Refused {
  const char* url;
  const char* message;
};

void PrintTo(const Refused& refused, std::ostream* out) {  // NOLINT: GoogleTest asks for this name
  *out << refused.url;
}

class RefusedUrl : public testing::TestWithParam<Refused> {};

TEST_P(RefusedUrl, NamesTheFirstRuleThatIsBroken) {
  EXPECT_EQ(refusal_of(GetParam().url), GetParam().message) << GetParam().url;
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
    {"http://www.-a.com/", kHostCharacters},
    {"http://a.com-/", kHostCharacters},
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
    {"https://xn--a.com/", kHostCharacters},
    {"https://xn--0.pt/", kHostCharacters},
    {"https://xn--a-yoc.com/", kHostCharacters},
    {"https://xn--a-ecp.ru/", kHostCharacters},
    {"https://xn--1ug4933g.la/", kHostCharacters},
    {"https://www.XN--A.com/", kHostCharacters},
    {"https://www.xn--%61.com/", kHostCharacters},
    {"https://example.xn--a/", kHostCharacters},
    {"https://xn--/", kNoDomain},
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

TEST(KeptTarget, MayHaveAHostThatNoBrowserOpens) {
  for (const char* url : {"https://xn--a.com/", "https://xn--0.pt/x", "https://XN--A-ecp.ru/"}) {
    const auto kept = TargetUrl::parse_kept(url, {});
    ASSERT_TRUE(kept) << url;
    EXPECT_EQ(kept->text(), url);
  }
}

// links.allow_private

std::string refusal_inside(std::string_view url) {
  const TargetRules rules = {{"go.corp.internal", "10.9.9.9"}, true};
  const auto target = TargetUrl::parse(url, rules);
  return target ? "taken" : target.error().message;
}

class InsideANetwork : public testing::TestWithParam<const char*> {};

TEST_P(InsideANetwork, LinksLeadToPrivateHostsWhereTheyMay) {
  EXPECT_EQ(refusal_inside(GetParam()), "taken") << GetParam();
  EXPECT_NE(refusal_of(GetParam()), "taken") << GetParam();
}

INSTANTIATE_TEST_SUITE_P(Allowed,
                         InsideANetwork,
                         testing::Values("http://10.0.0.1/",
                                         "http://172.16.0.1:8080/x",
                                         "http://192.168.1.1",
                                         "http://100.64.0.1/",
                                         "http://167772161/",
                                         "http://[fd12:3456::1]:8080/",
                                         "http://intranet",
                                         "http://wiki:8080/x",
                                         "http://intranet./",
                                         "http://w2k8-srv/",
                                         "http://b\u00fccherei/",
                                         "http://printer.local/",
                                         "http://nas.home.arpa/",
                                         "http://wiki.corp.internal/",
                                         "http://api.default.svc/",
                                         "http://a.svc.cluster.local/",
                                         "http://pc.localdomain/"));

constexpr Refused kNeverPrivate[] = {
    {"http://localhost/", "URL references a reserved or private host"},
    {"http://a.localhost/", "URL references a reserved or private host"},
    {"http://localhost.localdomain/", "URL references a reserved or private host"},
    {"http://ip6-loopback/", "URL references a reserved or private host"},
    {"http://localhost4/", "URL references a reserved or private host"},
    {"http://LOCALHOST6:8080/x", "URL references a reserved or private host"},
    {"http://ipv6-loopback/", "URL references a reserved or private host"},
    {"http://ip6-allnodes/", "URL references a reserved or private host"},
    {"http://loopback./", "URL references a reserved or private host"},
    {"http://kubernetes.docker.internal:6443/", "URL references a reserved or private host"},
    {"http://metadata/", "URL references a reserved or private host"},
    {"http://metadata.google.internal/", "URL references a reserved or private host"},
    {"http://instance-data.ec2.internal/", "URL references a reserved or private host"},
    {"http://10.0.0.1.nip.io/", "URL references a reserved or private host"},
    {"http://GO.corp.internal./", "URL references a reserved or private host"},
    {"http://10.9.9.9/", "URL references a reserved or private host"},
    {"http://168364297/", "URL references a reserved or private host"},
    {"http://127.0.0.1/", "URL references a private or loopback IP address"},
    {"http://[::1]/", "URL references a private or loopback IP address"},
    {"http://169.254.169.254/", "URL references a private or loopback IP address"},
    {"http://100.100.100.200/", "URL references a private or loopback IP address"},
    {"http://[fd00:ec2::254]/", "URL references a private or loopback IP address"},
    {"http://[fe80::1]/", "URL references a private or loopback IP address"},
    {"http://[fd00::5efe:7f00:1]/", "URL references a private or loopback IP address"},
    {"http://[::ffff:10.0.0.1]/", "URL references a private or loopback IP address"},
    {"http://0.0.0.0/", "URL references a reserved or private host"},
    {"http://4294967296/", kNoDomain},
    {"http://0xfffffffff/", kNoDomain},
    {"http://0x/", kNoDomain},
    {"http://-wiki/", kHostCharacters},
    {"http://my_wiki/", kHostCharacters},
    {"http://wiki../", kEmptyLabel},
};

TEST(AllowPrivate, LinksNeverLeadToTheServiceAMachineOrACloud) {
  for (const Refused& refused : kNeverPrivate) {
    EXPECT_EQ(refusal_inside(refused.url), refused.message) << refused.url;
  }
}

}  // namespace
}  // namespace ginnel::domain
