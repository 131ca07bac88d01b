// SPDX-License-Identifier: MIT
#include "http/entity_tag.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "support/sent_request.h"

namespace ginnel::http {
namespace {

int status_for(const std::string& if_none_match, std::string_view tag) {
  Response response;
  const support::SentRequest request("GET /", "If-None-Match: " + if_none_match + "\r\n");
  answer_with_tag(*request, tag, response);
  return response.status;
}

TEST(EntityTag, IsFoundInAListWhetherWeakOrStrong) {
  for (const char* tags : {"\"a\"", "W/\"a\"", "\"x\", W/\"y\" ,\"a\"", "*"}) {
    EXPECT_EQ(status_for(tags, "\"a\""), 304) << tags;
  }
  EXPECT_EQ(status_for("\"a,b\"", "\"a,b\""), 304);
}

TEST(EntityTag, IsNotFoundInOthersNorInWhatIsMalformed) {
  for (const char* tags :
       {"", "a", "\"a", "a\"", "\"b\"", "\"A\"", "\"ab\"", "\"x\"a\"y\"", "\"*\""}) {
    EXPECT_EQ(status_for(tags, "\"a\""), 200) << tags;
  }
}

TEST(EntityTag, SparesTheBodyOfWhoHasIt) {
  Response response;
  response.body = "text";
  answer_with_tag(*support::SentRequest("GET /", "If-None-Match: \"a\"\r\n"), "\"a\"", response);
  EXPECT_EQ(response.status, 304);
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(response.fields, "ETag: \"a\"\r\n");
}

TEST(EntityTag, LeavesTheBodyToEverybodyElse) {
  for (const char* fields : {"", "If-None-Match: \"b\"\r\n", "If-Match: \"a\"\r\n"}) {
    Response response;
    response.body = "text";
    answer_with_tag(*support::SentRequest("GET /", fields), "\"a\"", response);
    EXPECT_EQ(response.status, 200) << fields;
    EXPECT_EQ(response.body, "text") << fields;
  }
}

TEST(EntityTag, TellsBodiesApart) {
  const std::string tag = entity_tag_of("a body");
  EXPECT_EQ(tag.size(), 34U) << tag;
  EXPECT_EQ(status_for(tag, tag), 304);
  EXPECT_EQ(entity_tag_of("a body"), tag);
  EXPECT_NE(entity_tag_of("a bodz"), tag);
  EXPECT_EQ(tag.find_first_not_of("0123456789abcdef", 1), 33U);
}

TEST(EntityTag, DoesNotChangeFromVersionToVersion) {
  // BLAKE2b of 16 bytes, as Python's hashlib.blake2b(text, digest_size=16) gives it: a client may
  // keep a tag over an upgrade of this server.
  EXPECT_EQ(entity_tag_of(""), "\"cae66941d9efbd404e4d88758ea67670\"");
}

}  // namespace
}  // namespace ginnel::http
