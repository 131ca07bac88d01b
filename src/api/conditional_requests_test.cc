// SPDX-License-Identifier: MIT
#include "api/conditional_requests.h"

#include <string>

#include <gtest/gtest.h>

#include "http/entity_tag.h"
#include "support/sent_request.h"

namespace ginnel::api {
namespace {

constexpr std::string_view kJson = R"({"id":1})";

http::Response got(const std::string& fields) {
  const support::SentRequest request("GET /users/1", fields);
  return answer_to_get(std::string(kJson), *request);
}

/// Whether who sends these fields would change a row that is kJson.
bool changes(const std::string& fields) {
  const support::SentRequest request("PUT /users/1", fields);
  const auto caller = conditional_caller_of(*request);
  EXPECT_TRUE(caller) << fields;
  return !caller->condition || caller->condition(kJson);
}

const std::string kTag = http::entity_tag_of(kJson);

TEST(AnswerToGet, SparesTheBodyOfWhoHasIt) {
  const auto response = got("If-None-Match: " + kTag + "\r\n");
  EXPECT_EQ(response.status, 304);
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(response.fields, "ETag: " + kTag + "\r\n");
  EXPECT_EQ(response.keeping, http::Keeping::kAskAgain) << "as the answer that it stands for";
}

TEST(AnswerToGet, IsTheRowForEverybodyElse) {
  for (const std::string& fields :
       {std::string(), std::string("If-None-Match: \"x\"\r\n"), "If-Match: " + kTag + "\r\n"}) {
    const auto response = got(fields);
    EXPECT_EQ(response.status, 200) << fields;
    EXPECT_EQ(response.body, "{\"id\":1}\n") << fields;
    EXPECT_EQ(response.fields, "ETag: " + kTag + "\r\n") << fields;
  }
}

TEST(AnswerToGet, IsNoneWhereAnotherRowIsWanted) {
  EXPECT_EQ(got("If-Match: \"x\"\r\n").status, 412);
  EXPECT_EQ(got("If-Match: \"x\"\r\nIf-None-Match: " + kTag + "\r\n").status, 412);
}

TEST(AnswerToGet, NamesTheFieldThatIsMalformed) {
  const auto response = got("If-None-Match: x\r\n");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body,
            "{\"details\":{\"If-None-Match\":\"If-None-Match must be * or a list of entity tags\"},"
            "\"error\":\"Validation failed\"}\n");
}

TEST(ConditionalCaller, ChangesTheRowThatHeWants) {
  EXPECT_TRUE(changes(""));
  EXPECT_TRUE(changes("If-Match: *\r\n"));
  EXPECT_TRUE(changes("If-Match: \"x\", " + kTag + "\r\n"));
  EXPECT_TRUE(changes("If-None-Match: \"x\"\r\n"));
}

TEST(ConditionalCaller, ChangesNoOther) {
  EXPECT_FALSE(changes("If-Match: \"x\"\r\n"));
  EXPECT_FALSE(changes("If-Match: W/" + kTag + "\r\n"));
  EXPECT_FALSE(changes("If-None-Match: *\r\n"));
  EXPECT_FALSE(changes("If-None-Match: " + kTag + "\r\n"));
}

TEST(ConditionalCaller, IsNobodyWhereTheFieldIsMalformed) {
  const support::SentRequest request("PUT /users/1", "If-Match: x\r\n");
  const auto caller = conditional_caller_of(*request);
  ASSERT_FALSE(caller);
  EXPECT_EQ(caller.error().kind, ErrorKind::kInvalid);
}

}  // namespace
}  // namespace ginnel::api
