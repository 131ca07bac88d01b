// SPDX-License-Identifier: MIT
#include "api/body_fault.h"

#include <gtest/gtest.h>

#include "api/json.h"
#include "support/memory_api.h"
#include "support/sent_request.h"

namespace ginnel::api {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kJsonField = "Content-Type: application/json\r\n";

std::string fault(std::string_view body, std::string_view fields = kJsonField) {
  return body_fault(*support::SentRequest("POST /users", fields, body));
}

TEST(BodyFault, IsThatThereIsNone) {
  for (const std::string_view nothing : {""sv, " \n"sv, "\xef\xbb\xbf"sv}) {
    EXPECT_EQ(fault(nothing), "There is no body: send a JSON object");
  }
  EXPECT_EQ(fault("", ""), "There is no body: send a JSON object");
}

TEST(BodyFault, IsTheMediaType) {
  EXPECT_EQ(fault("{\"a\":1}", ""), "There is no Content-Type: send application/json");
  EXPECT_EQ(fault("{\"a\":1}", "Content-Type: text/plain\r\n"),
            "The media type is text/plain: send application/json");
  EXPECT_EQ(fault("a=1", "Content-Type: application/x-www-form-urlencoded\r\n"),
            "The media type is application/x-www-form-urlencoded: send application/json");
  EXPECT_LT(fault("{", "Content-Type: " + std::string(5'000, 'x') + "\r\n").size(), 200u);
}

TEST(BodyFault, IsTheEncoding) {
  const std::string gzip = std::string(kJsonField) + "Content-Encoding: gzip\r\n";
  EXPECT_EQ(fault("\x1f\x8b\x08", gzip), "The body's Content-Encoding is gzip: send it as it is");
  for (const std::string_view wide :
       {"\xff\xfe{\0}\0"sv, "\xfe\xff\0{\0}"sv, "{\0\"\0a\0"sv, "\0{\0\""sv, "{\0\0\0"sv}) {
    EXPECT_EQ(fault(wide), "The body is UTF-16 or UTF-32: send UTF-8");
  }
  EXPECT_EQ(fault("{\"username\":\"Zo\xeb\"}"), "The body is not UTF-8 at line 1, column 16");
  EXPECT_EQ(fault("{\n \"\xc3\xbc\": \"\xf0\x9f\x98\"}"),
            "The body is not UTF-8 at line 2, column 8");
  EXPECT_EQ(fault("{\"a\":\"\xed\xa0\x80\"}"), "The body is not UTF-8 at line 1, column 7");
}

TEST(BodyFault, IsTheLineAndColumnWhereTheJsonBreaks) {
  EXPECT_EQ(fault("{\"a\":1,}"), "The JSON breaks at line 1, column 8");
  EXPECT_EQ(fault("{\n  \"a\": 1\n  \"b\": 2\n}"), "The JSON breaks at line 3, column 3");
  EXPECT_EQ(fault("{\r\n  'a': 1\r\n}"), "The JSON breaks at line 2, column 3");
  EXPECT_EQ(fault("{\"\xc3\xbc\xf0\x9f\x98\x80\": nope}"), "The JSON breaks at line 1, column 8");
  EXPECT_EQ(fault("nonsense"), "The JSON breaks at line 1, column 1");
  EXPECT_EQ(fault("{\"a\":NaN}"), "The JSON breaks at line 1, column 6");
  EXPECT_EQ(fault("{\"a\":\"b\nc\"}"), "The JSON breaks at line 1, column 8");
  EXPECT_EQ(fault("{\"a\":\"\\ud800\",}"), "The JSON breaks at line 1, column 15")
      << "a lone surrogate is a fault of its field alone";
  EXPECT_EQ(fault("\xef\xbb\xbf{1}"), "The JSON breaks at line 1, column 2");
}

TEST(BodyFault, IsThatTheJsonEndsTooEarlyOrGoesOn) {
  EXPECT_EQ(fault("{\"a\":"), "The JSON ends too early, at line 1, column 6");
  EXPECT_EQ(fault("{\"a\":\"b"), "The JSON ends too early, at line 1, column 8");
  EXPECT_EQ(fault("{}\n{}"), "Something follows the JSON at line 2, column 1");
  EXPECT_EQ(fault(std::string(200, '[')),
            "The JSON nests deeper than 128 levels at line 1, column 129");
}

TEST(BodyFault, IsThatItIsNoObject) {
  for (const auto& [body, name] : {std::pair("[1]", "an array"),
                                   {"5", "a number"},
                                   {"-0", "a number"},
                                   {"\"x\"", "a string"},
                                   {" null ", "null"},
                                   {"true", "a boolean"},
                                   {"{}", "an empty object"}}) {
    EXPECT_EQ(fault(body), "The body is " + std::string(name) + ": send an object with members");
  }
}

TEST(BodyFault, StandsBesideThePinnedMessage) {
  support::MemoryApi api;
  const auto users = api.ask("POST /users", "{\"a\":1,}");
  EXPECT_EQ(users.status, 400);
  EXPECT_EQ(users.body,
            "{\"details\":{\"body\":\"The JSON breaks at line 1, column 8\"},"
            "\"error\":\"Request body must be a JSON object\"}\n");
  const auto events = api.ask("POST /events", "{}");
  EXPECT_EQ(events.status, 400);
  EXPECT_EQ(events.body,
            "{\"details\":{\"body\":\"The body is an empty object: send an object with members\"},"
            "\"error\":\"Request body must be JSON\"}\n");
  for (const char* line : {"POST /users", "POST /urls", "POST /events"}) {
    EXPECT_EQ(api.ask(line, "{", "Content-Type: text/csv\r\n").error->faults.front().field, "body");
  }
}

/// Whatever JsonBody does not take has a reason that names the one thing at fault.
TEST(BodyFault, IsSaidOfEveryBodyThatIsNotTaken) {
  const std::string good = R"({"a":[1,{"b":"\u00fc"}],"c":null})";
  int refused = 0;
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const char byte : {'\0', '"', '{', '}', ']', ',', '\\', 'x', '\xff'}) {
      std::string body = good;
      body[at] = byte;
      const support::SentRequest request("POST /users", kJsonField, body);
      if (std::holds_alternative<JsonBody>(JsonBody::parse(*request))) {
        continue;
      }
      ++refused;
      EXPECT_EQ(body_fault(*request).find("The body is a"), std::string::npos)
          << body << ": " << body_fault(*request);
    }
  }
  EXPECT_GT(refused, 150);
  std::printf("%d broken bodies, each told where it breaks\n", refused);
}

}  // namespace
}  // namespace ginnel::api
