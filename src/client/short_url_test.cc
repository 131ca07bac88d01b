// SPDX-License-Identifier: MIT
#include "client/short_url.h"

#include <gtest/gtest.h>

namespace ginnel::client {
namespace {

/// The code of `word` for the server, or why it has none.
std::string code_of(const ServerNames& names, std::string_view word) {
  const auto url = read_short_url(word);
  if (!url) {
    return "! " + url.error().message;
  }
  const auto code = names.code_of(*url);
  return code ? *code : "! " + code.error().message;
}

ServerNames usual() {
  return {"http://127.0.0.1:8080", "http://localhost:8080", {"localhost"}};
}

/// Behind a proxy, below a path, with names of its own beside.
ServerNames in_production() {
  return {"http://10.0.0.5:8080",
          "https://go.example.org/s",
          {"www.example.org", "xn--grnt-1ra.example", "2606:4700::9999", "go.example.org"}};
}

TEST(ShortUrls, AreToldFromCodes) {
  for (const char* word : {"http://localhost:8080/debian-doc",
                           "HTTPS://GO.EXAMPLE.ORG/X",
                           "bit.ly/zzz1",
                           "localhost:8080/a",
                           "//bit.ly/zzz1",
                           "ftp://bit.ly/zzz1",
                           "bit.ly/zzz1?x=y#z"}) {
    EXPECT_TRUE(is_url(word)) << word;
  }
  for (const char* word :
       {"debian-doc", "2001", "/2001", "debian-doc/", "a?next=http://b/c", "-_"}) {
    EXPECT_FALSE(is_url(word)) << word;
  }
}

class OwnUrl : public testing::TestWithParam<const char*> {};

TEST_P(OwnUrl, HasItsCode) {
  EXPECT_EQ(code_of(usual(), GetParam()), "debian-doc");
}

INSTANTIATE_TEST_SUITE_P(OfTheUsualServer,
                         OwnUrl,
                         testing::Values("http://localhost:8080/debian-doc",
                                         "https://localhost:8080/debian-doc",
                                         "localhost:8080/debian-doc",
                                         "//localhost:8080/debian-doc",
                                         "HTTP://LocalHost.:8080/debian-doc/",
                                         "http://localhost:08080/debian-doc?from=mail#top",
                                         "http://127.0.0.1:8080/debian-doc",
                                         "http://0x7f.1:8080/debian-doc",
                                         "http://%6cocalhost:8080/debian-doc",
                                         "http://[::1]:8080/debian-doc"));

class UrlInProduction : public testing::TestWithParam<const char*> {};

TEST_P(UrlInProduction, HasItsCode) {
  EXPECT_EQ(code_of(in_production(), GetParam()), "abc");
}

INSTANTIATE_TEST_SUITE_P(OfAllItsNames,
                         UrlInProduction,
                         testing::Values("https://go.example.org/s/abc",
                                         "http://GO.Example.ORG./s/abc#top",
                                         "go.example.org:443/s/abc",
                                         "https://www.example.org/abc",
                                         "www.example.org/s/abc",
                                         "https://gr\u00fcnt.example/abc",
                                         "https://GR\u00dcNT.example/abc",
                                         "http://[2606:4700:0::9999]/abc",
                                         "http://10.0.0.5:8080/abc"));

struct Refused {
  const char* word;
  const char* reason;  ///< which the message holds
};

void PrintTo(const Refused& refused, std::ostream* out) {  // NOLINT: GoogleTest asks for this name
  *out << refused.word;
}

class RefusedUrl : public testing::TestWithParam<Refused> {};

TEST_P(RefusedUrl, IsNoneOfTheServer) {
  for (const auto& names : {usual(), in_production()}) {
    const std::string told = code_of(names, GetParam().word);
    EXPECT_TRUE(told.starts_with("! ")) << told;
    EXPECT_NE(told.find(GetParam().reason), std::string::npos) << told;
  }
}

constexpr Refused kForeign[] = {
    {"https://bit.ly/zzz1", "bit.ly is another server"},
    {"https://BIT.ly./zzz1", "bit.ly is another server"},
    {"bit.ly/zzz1", "bit.ly is another server"},
    {"//bit.ly/zzz1?a#b", "bit.ly is another server"},
    {"https://bit.ly/a/zzz1", "bit.ly is another server"},
    {"https://bit.ly", "bit.ly is another server"},
    {"http://localhost:9090/zzz1", "localhost:9090 is another server"},
    {"http://localhost/zzz1", "localhost is another server"},
    {"localhost/zzz1", "localhost is another server"},
    {"http://127.evil.example:8080/zzz1", "127.evil.example:8080 is another server"},
    {"http://127.0.0.1.example.org:8080/zzz1", "127.0.0.1.example.org:8080 is another server"},
    {"http://127.com:8080/zzz1", "127.com:8080 is another server"},
    {"http://127.0.0.2:8081/zzz1", "127.0.0.2:8081 is another server"},
    {"https://go.example.org:8443/s/abc", "go.example.org:8443 is another server"},
    {"https://go.example.org.evil.test/s/abc", "go.example.org.evil.test is another server"},
    {"https://notgo.example.org/s/abc", "notgo.example.org is another server"},
    {"https://example.org/s/abc", "example.org is another server"},
    {"https://b\u00fccher.example/abc", "xn--bcher-kva.example is another server"},
    {"http://[2606:4700::1]:81/abc", "[2606:4700::1]:81 is another server"},
};
INSTANTIATE_TEST_SUITE_P(Foreign, RefusedUrl, testing::ValuesIn(kForeign));

constexpr Refused kNone[] = {
    {"https://localhost:8080@bit.ly/zzz1", "a user before its host"},
    {"https://ann:secret@go.example.org/s/abc", "a user before its host"},
    {"https://bit.ly\\@localhost:8080/abc", "a backslash"},
    {"http://localhost:8080/ab c", "a space"},
    {"http://local\nhost:8080/abc", "a control character"},
    {"ftp://localhost:8080/abc", "http:// or https://"},
    {"javascript://localhost:8080/abc", "http:// or https://"},
    {"http://localhost:99999/abc", "its port"},
    {"http://localhost:80x/abc", "its port"},
    {"http:///abc", "its host"},
    {"http://local host/abc", "a space"},
    {"http://localhost..:8080/abc", "its host"},
};
INSTANTIATE_TEST_SUITE_P(OfNoKind, RefusedUrl, testing::ValuesIn(kNone));

TEST(ServersNames, AreToldWhereAUrlIsAnothers) {
  EXPECT_EQ(code_of(usual(), "https://bit.ly/zzz1"),
            "! bit.ly is another server than http://127.0.0.1:8080, whose names are "
            "localhost:8080, 127.0.0.1:8080; ask another by --server URL");
  const std::string told = code_of(in_production(), "https://ann:secret@bit.ly/zzz1");
  EXPECT_EQ(told.find("secret"), std::string::npos);
  EXPECT_NE(code_of(in_production(), "bit.ly/a").find("[2606:4700::9999]"), std::string::npos);
}

TEST(ServersNames, WantACodeAloneBehindThem) {
  for (const char* word : {"http://localhost:8080",
                           "http://localhost:8080/",
                           "http://localhost:8080/urls/2001",
                           "http://localhost:8080/urls/abc/redirect",
                           "http://localhost:8080//abc",
                           "http://localhost:8080/x/../abc"}) {
    EXPECT_EQ(code_of(usual(), word),
              "! this is no short URL: those of this server are http://localhost:8080/CODE")
        << word;
  }
  EXPECT_TRUE(code_of(in_production(), "https://go.example.org/abc").starts_with("! this is no"));
}

TEST(ServersNames, AreThatOneByWhichItIsAskedWhereItTellsNone) {
  const ServerNames names("https://go.example.org", "", {});
  EXPECT_EQ(code_of(names, "go.example.org/abc"), "abc");
  EXPECT_EQ(code_of(names, "go.example.org/"),
            "! this is no short URL: those of this server are https://go.example.org/CODE");
  EXPECT_NE(code_of(names, "localhost/abc").find("another server"), std::string::npos);
}

}  // namespace
}  // namespace ginnel::client
