// SPDX-License-Identifier: MIT
#include "client/named.h"

#include <cstdint>
#include <limits>

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

TEST(LinkNames, OfDigitsAreIdsHoweverManyTheyAre) {
  for (const char* word : {"9223372036854775807", "9223372036854775808", "99999999999999999999"}) {
    EXPECT_EQ(link_name(word).id, std::numeric_limits<std::int64_t>::max()) << word;
    EXPECT_EQ(user_name(word).id, std::numeric_limits<std::int64_t>::max()) << word;
  }
  EXPECT_EQ(link_name("00000000000000000000007").id, 7);
  for (const char* word : {"-12", "12a", "1_2", "12\u0663"}) {
    EXPECT_FALSE(link_name(word).id) << word;
    EXPECT_EQ(link_name(word).text, word);
  }
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
