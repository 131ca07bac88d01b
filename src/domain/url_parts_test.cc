// SPDX-License-Identifier: MIT
#include "domain/url_parts.h"

#include <gtest/gtest.h>

namespace ginnel::domain {
namespace {

TEST(SplitUrl, CutsSchemeAuthorityAndRest) {
  const UrlParts parts = split_url("http://u@h:1/p?q#f");
  EXPECT_EQ(parts.scheme, "http");
  EXPECT_EQ(parts.authority, "u@h:1");
  EXPECT_EQ(parts.rest, "/p?q#f");
}

TEST(SplitUrl, EndsAnAuthorityAtTheFirstSignThatMay) {
  EXPECT_EQ(split_url("a://h?x/y").authority, "h");
  EXPECT_EQ(split_url("a://h#x/y").rest, "#x/y");
  EXPECT_EQ(split_url("a://h").rest, "");
}

TEST(SplitUrl, TellsAnEmptyAuthorityFromNone) {
  EXPECT_EQ(split_url("http:///x").authority, "");
  EXPECT_FALSE(split_url("http:/x").authority);
  EXPECT_EQ(split_url("http:/x").rest, "/x");
}

TEST(SplitUrl, LeavesATextWithoutASchemeWhole) {
  for (const char* text : {"", "no scheme", "//h/x", ":x", "1a:x", "a b:x", "/p:x"}) {
    EXPECT_EQ(split_url(text).rest, text);
  }
  EXPECT_EQ(split_url("//h/x").scheme, "");
  EXPECT_FALSE(split_url("//h/x").authority);
}

TEST(SplitAuthority, EndsTheUserAtTheLastAt) {
  const Authority parts = split_authority("a@b:c@h");
  EXPECT_EQ(parts.user, "a@b:c");
  EXPECT_EQ(parts.host, "h");
  EXPECT_FALSE(parts.port);
}

TEST(SplitAuthority, TellsAnEmptyPortFromNone) {
  EXPECT_EQ(split_authority("h:").port, "");
  EXPECT_EQ(split_authority(":80").host, "");
  EXPECT_EQ(split_authority("h:80:90").port, "80:90");
}

TEST(SplitAuthority, LeavesTheColonsOfAnAddressInItsBrackets) {
  EXPECT_EQ(split_authority("[::1]:80").host, "[::1]");
  EXPECT_EQ(split_authority("[::1]:80").port, "80");
  EXPECT_EQ(split_authority("[::1]").host, "[::1]");
  EXPECT_EQ(split_authority("[::1").host, "[::1");
}

}  // namespace
}  // namespace ginnel::domain
