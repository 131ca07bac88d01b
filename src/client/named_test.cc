// SPDX-License-Identifier: MIT
#include "client/named.h"

#include <gtest/gtest.h>

namespace ginnel::client {
namespace {

TEST(LinkNames, OfDigitsAreIds) {
  EXPECT_EQ(link_name("2001").id, 2001);
  EXPECT_EQ(link_name("1").id, 1);
}

TEST(LinkNames, AreCodesOtherwise) {
  for (const char* word :
       {"debian-doc", "/debian-doc", "debian-doc/", "debian-doc?from=mail#top"}) {
    EXPECT_FALSE(link_name(word).id) << word;
    EXPECT_EQ(link_name(word).text, "debian-doc") << word;
  }
}

TEST(LinkNames, OfDigitsBehindASlashAreCodes) {
  EXPECT_EQ(link_name("/2001").text, "2001");
  EXPECT_FALSE(link_name("/2001").id);
}

TEST(LinkNames, AreNotTheLastOfSeveralSegments) {
  EXPECT_EQ(link_name("/urls/2001").text, "urls/2001");
}

TEST(LinkNames, OfMoreDigitsThanAnIdHasAreCodes) {
  EXPECT_EQ(link_name("99999999999999999999").text, "99999999999999999999");
  EXPECT_EQ(link_name("-12").text, "-12");
}

TEST(UserNames, OfDigitsAreIds) {
  EXPECT_EQ(user_name("401").id, 401);
  EXPECT_EQ(user_name("ada/1").text, "ada/1");
  EXPECT_FALSE(user_name("ada").id);
}

TEST(EscapedTexts, StandInAQuery) {
  EXPECT_EQ(Server::escaped("a&b=c/\u00fc"), "a%26b%3Dc%2F%C3%BC");
  EXPECT_EQ(Server::escaped(""), "");
}

}  // namespace
}  // namespace ginnel::client
