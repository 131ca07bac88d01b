// SPDX-License-Identifier: MIT
#include "http/preconditions.h"

#include <string>

#include <gtest/gtest.h>

#include "support/sent_request.h"

namespace ginnel::http {
namespace {

Result<Preconditions> parsed(const std::string& fields) {
  const support::SentRequest request("PUT /users/1", fields);
  return Preconditions::parse(*request);
}

Preconditions if_match(const std::string& tags) {
  auto conditions = parsed("If-Match: " + tags + "\r\n");
  EXPECT_TRUE(conditions) << tags;
  return conditions ? *conditions : Preconditions();
}

Preconditions if_none_match(const std::string& tags) {
  auto conditions = parsed("If-None-Match: " + tags + "\r\n");
  EXPECT_TRUE(conditions) << tags;
  return conditions ? *conditions : Preconditions();
}

TEST(Preconditions, HoldWhereThereAreNone) {
  const auto none = parsed("");
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->empty());
  EXPECT_TRUE(none->match_holds("\"a\""));
  EXPECT_TRUE(none->none_match_holds("\"a\""));
}

TEST(Preconditions, MatchTheTagOrAnyOfAList) {
  for (const char* tags :
       {"\"a\"", "*", "\"b\", \"a\"", "\"b\",\"a\",\"c\"", " , \"a\" ,, ", "W/\"b\" ,\t\"a\""}) {
    EXPECT_TRUE(if_match(tags).match_holds("\"a\"")) << tags;
  }
  for (const char* tags : {"\"b\"", "\"A\"", "\"aa\"", "\"\"", "\"b,a\"", "\"*\""}) {
    EXPECT_FALSE(if_match(tags).match_holds("\"a\"")) << tags;
  }
}

TEST(Preconditions, NeverMatchAWeakTag) {
  EXPECT_FALSE(if_match("W/\"a\"").match_holds("\"a\""));
  EXPECT_TRUE(if_match("W/\"a\", \"a\"").match_holds("\"a\""));
}

TEST(Preconditions, KnowWhatAClientHasByWeakTagsToo) {
  for (const char* tags : {"\"a\"", "W/\"a\"", "*", "\"b\", W/\"a\""}) {
    EXPECT_FALSE(if_none_match(tags).none_match_holds("\"a\"")) << tags;
  }
  EXPECT_TRUE(if_none_match("\"b\", W/\"c\"").none_match_holds("\"a\""));
}

TEST(Preconditions, ReadAllFieldsOfAName) {
  const auto conditions = parsed("If-Match: \"b\"\r\nX: y\r\nif-match: \"a\"\r\n");
  ASSERT_TRUE(conditions);
  EXPECT_TRUE(conditions->match_holds("\"a\""));
  EXPECT_TRUE(conditions->match_holds("\"b\""));
  EXPECT_FALSE(conditions->match_holds("\"c\""));
}

TEST(Preconditions, TakeEveryCharacterThatATagMayHave) {
  EXPECT_TRUE(if_match("\"!#\\\xc3\xa9,~\"").match_holds("\"!#\\\xc3\xa9,~\""));
}

TEST(Preconditions, NameTheFieldThatIsNone) {
  for (const char* tags : {"",
                           "a",
                           "\"a",
                           "a\"",
                           "'a'",
                           "*, \"a\"",
                           "\"a\", *",
                           "w/\"a\"",
                           "W/ \"a\"",
                           "W/",
                           "**",
                           "\"a\" \"b\"",
                           ",",
                           "\"a b\"",
                           "\"a\"b",
                           "\"a\";q=1",
                           "\"a\tb\""}) {
    const auto conditions = parsed("If-Match: " + std::string(tags) + "\r\n");
    ASSERT_FALSE(conditions) << tags;
    EXPECT_EQ(conditions.error().kind, ErrorKind::kInvalid);
    EXPECT_EQ(conditions.error().faults.front().field, "If-Match");
  }
  const auto both = parsed("If-Match: a\r\nIf-None-Match: b\r\n");
  ASSERT_FALSE(both);
  EXPECT_EQ(both.error().faults.size(), 2U);
}

}  // namespace
}  // namespace ginnel::http
