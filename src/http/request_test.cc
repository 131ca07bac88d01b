// SPDX-License-Identifier: MIT
#include "http/request.h"

#include <gtest/gtest.h>

#include "http/request_id.h"
#include "support/sent_request.h"

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

TEST(Authority, IsTheHostUnlessTheTargetNamesOne) {
  const auto authority_of = [](const std::string& bytes) {
    return std::string(support::SentRequest(bytes)->authority());
  };
  EXPECT_EQ(authority_of("GET /a HTTP/1.1\r\nHost: a:80\r\n\r\n"), "a:80");
  EXPECT_EQ(authority_of("GET http://b:81/c HTTP/1.1\r\nHost: a:80\r\n\r\n"), "b:81");
  EXPECT_EQ(authority_of("GET HTTPS://b?c HTTP/1.1\r\nHost: a\r\n\r\n"), "b");
  EXPECT_EQ(authority_of("GET / HTTP/1.0\r\n\r\n"), "");
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

TEST(Request, JoinsTheFieldsOfAList) {
  const support::SentRequest request("GET /", "A: 1\r\nB: x\r\na: 2, 3\r\n");
  EXPECT_EQ(request->list_field("A"), "1, 2, 3");
  EXPECT_EQ(request->list_field("b"), "x");
  EXPECT_EQ(request->list_field("C"), std::nullopt);
}

}  // namespace
}  // namespace ginnel::http
