// SPDX-License-Identifier: MIT
#include "http/request.h"

#include <gtest/gtest.h>

#include "http/request_id.h"

namespace ginnel::http {
namespace {

TEST(Method, IsReadExactly) {
  EXPECT_EQ(parse_method("GET"), Method::kGet);
  EXPECT_EQ(parse_method("OPTIONS"), Method::kOptions);
  EXPECT_EQ(parse_method("get"), Method::kOther);
  EXPECT_EQ(parse_method("OTHER"), Method::kOther);
  EXPECT_EQ(to_text(Method::kDelete), "DELETE");
}

TEST(FieldName, IsComparedWithoutCase) {
  EXPECT_TRUE(same_field_name("Content-Type", "content-TYPE"));
  EXPECT_FALSE(same_field_name("Content-Type", "Content-Typ"));
  EXPECT_FALSE(same_field_name("a-b", "a_b"));
}

TEST(PercentDecoded, DecodesPairsAndRefusesHalves) {
  EXPECT_EQ(percent_decoded("a%41%2fz"), "aA/z");
  EXPECT_EQ(percent_decoded("%00")->size(), 1u);
  EXPECT_EQ(percent_decoded("plain"), "plain");
  for (const char* text : {"%", "%4", "%zz", "a%4"}) {
    EXPECT_EQ(percent_decoded(text), std::nullopt) << text;
  }
}

TEST(QueryParameter, GivesTheFirstOfItsName) {
  EXPECT_EQ(query_parameter("a=1&b=2&a=3", "a"), "1");
  EXPECT_EQ(query_parameter("a=1&b=2", "b"), "2");
  EXPECT_EQ(query_parameter("a=1", "c"), std::nullopt);
  EXPECT_EQ(query_parameter("", "a"), std::nullopt);
}

TEST(QueryParameter, DecodesNamesAndValues) {
  EXPECT_EQ(query_parameter("per%5Fpage=1%30", "per_page"), "10");
  EXPECT_EQ(query_parameter("q=a+b%2Bc", "q"), "a b+c");
  EXPECT_EQ(query_parameter("q=%zz", "q"), "%zz");
}

TEST(QueryParameter, MayBeEmptyOrHaveNoSign) {
  EXPECT_EQ(query_parameter("a=&b", "a"), "");
  EXPECT_EQ(query_parameter("a=&b", "b"), "");
  EXPECT_EQ(query_parameter("&&a=1", "a"), "1");
}

TEST(RequestId, KeepsWhatIsSafeToLog) {
  FastRandom random;
  std::string id;
  for (const char* sent : {"abc", "8f14e45f-ceea-467f", "a,b;c=\"d\""}) {
    choose_request_id(std::string_view(sent), random, id);
    EXPECT_EQ(id, sent);
  }
  choose_request_id(std::string(128, 'x'), random, id);
  EXPECT_EQ(id.size(), 128u);
}

TEST(RequestId, ReplacesWhatIsNot) {
  FastRandom random;
  const std::string long_one(129, 'x');
  for (const std::string& sent :
       {std::string(), std::string("a b"), std::string("caf\xc3\xa9"), long_one}) {
    std::string id;
    choose_request_id(std::string_view(sent), random, id);
    EXPECT_EQ(id.size(), 32u);
    EXPECT_EQ(id.find_first_not_of("0123456789abcdef"), std::string::npos);
  }
}

TEST(RequestId, IsNeverTheSame) {
  FastRandom random;
  std::string one;
  std::string other;
  choose_request_id(std::nullopt, random, one);
  choose_request_id(std::nullopt, random, other);
  EXPECT_NE(one, other);
}

}  // namespace
}  // namespace ginnel::http
