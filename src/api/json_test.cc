// SPDX-License-Identifier: MIT
#include "api/json.h"

#include <string>

#include <gtest/gtest.h>

#include "http/parser.h"

namespace ginnel::api {
namespace {

using Kind = JsonField::Kind;

/// A request with this body, kept alive with the bytes it points into.
class Sent final {
 public:
  explicit Sent(const std::string& body, const std::string& type = "application/json")
      : bytes_("POST / HTTP/1.1\r\nHost: h\r\nContent-Type: " + type +
               "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body) {
    http::Parser parser(request_, 1u << 20);
    parser.restart(bytes_.data());
    std::size_t consumed = 0;
    EXPECT_EQ(parser.parse(bytes_, consumed), http::Parser::Outcome::kComplete);
  }

  std::variant<JsonBody, JsonBody::Fault> parse() const { return JsonBody::parse(request_); }

  JsonField field(std::string_view name) const { return std::get<JsonBody>(parse()).field(name); }

 private:
  std::string bytes_;
  http::Request request_;
};

TEST(JsonBody, GivesEachKindOfField) {
  const Sent sent(
      R"({"t":"a\u00e9\"","i":-7,"b":true,"n":null,"o":{"x":[1,"}"]},"f":1.0,"a":[1],"big":1e400,)"
      R"("long":99999999999999999999})");
  EXPECT_EQ(sent.field("t").text, "a\xc3\xa9\"");
  EXPECT_EQ(sent.field("i").integer, -7);
  EXPECT_TRUE(sent.field("b").boolean);
  EXPECT_EQ(sent.field("n").kind, Kind::kNull);
  EXPECT_EQ(sent.field("o").kind, Kind::kObject);
  EXPECT_EQ(sent.field("o").raw, R"({"x":[1,"}"]})");
  for (const char* name : {"f", "a", "big", "long"}) {
    EXPECT_EQ(sent.field(name).kind, Kind::kOther) << name;
  }
  EXPECT_EQ(sent.field("absent").kind, Kind::kAbsent);
}

TEST(JsonBody, LastOfARepeatedKeyCounts) {
  EXPECT_EQ(Sent(R"({"a":1,"a":2})").field("a").integer, 2);
}

TEST(JsonBody, TakesABomAndSpace) {
  EXPECT_EQ(Sent("\xef\xbb\xbf \n{ \"a\" : 1 }\t").field("a").integer, 1);
  EXPECT_TRUE(std::get<JsonBody>(Sent("{ }").parse()).empty());
}

TEST(JsonBody, NamesAFieldWhoseTextIsNotUnicode) {
  const Sent sent(R"({"a":"x\ud800y","b":"\udc00","c":"\ud83d\ude00","d":{"e":"\ud800"}})");
  EXPECT_EQ(sent.field("a").kind, Kind::kBadText);
  EXPECT_EQ(sent.field("b").kind, Kind::kBadText);
  EXPECT_EQ(sent.field("c").kind, Kind::kString);
  EXPECT_EQ(sent.field("d").kind, Kind::kBadText);
}

TEST(JsonBody, IsOnlyTakenWithAJsonType) {
  for (const char* type : {"application/json",
                           "Application/JSON; charset=utf-8",
                           "application/problem+json",
                           "application/vnd.x+json;v=1"}) {
    EXPECT_TRUE(std::holds_alternative<JsonBody>(Sent("{}", type).parse())) << type;
  }
  for (const char* type : {"text/plain", "application/jsonx", "application/+json", "json", ""}) {
    const auto parsed = Sent("{}", type).parse();
    ASSERT_TRUE(std::holds_alternative<JsonBody::Fault>(parsed)) << type;
    EXPECT_EQ(std::get<JsonBody::Fault>(parsed), JsonBody::Fault::kNone);
  }
}

TEST(JsonBody, TellsWhatIsNoObject) {
  const auto fault_of = [](const char* body) {
    return std::get<JsonBody::Fault>(Sent(body).parse());
  };
  for (const char* body : {"[]", "0", "\"\"", "false", "null", "0.0"}) {
    EXPECT_EQ(fault_of(body), JsonBody::Fault::kEmpty) << body;
  }
  for (const char* body : {"[1]", "5", "\"x\"", "true"}) {
    EXPECT_EQ(fault_of(body), JsonBody::Fault::kNoObject) << body;
  }
  for (const char* body : {"",
                           " ",
                           "{",
                           "}",
                           "{\"a\"}",
                           "{\"a\":}",
                           "{\"a\":1,}",
                           "{a:1}",
                           "{\"a\":1}}",
                           "{\"a\":1 2}",
                           "{\"a\":NaN}",
                           "{\"a\":'x'}",
                           "{,}",
                           "{\"a\":1 \"b\":2}",
                           "{\"a\":\"\xff\"}",
                           "{\"a\":{]}",
                           "nonsense",
                           "{\"a\":\"x"}) {
    EXPECT_EQ(fault_of(body), JsonBody::Fault::kNone) << body;
  }
}

TEST(JsonBody, NestsAsManyLevelsAsItMayAndNoMore) {
  const auto is_taken = [](std::string_view open, std::string_view close, std::size_t levels) {
    std::string body = "{\"a\":1,\"b\":";
    for (std::size_t i = 1; i < levels; ++i) {
      body += open;
    }
    body += "1";
    for (std::size_t i = 1; i < levels; ++i) {
      body += close;
    }
    body += "}";
    EXPECT_EQ(find_break(body).has_value(), levels > kMaxBodyDepth) << levels;
    return std::holds_alternative<JsonBody>(Sent(body.c_str()).parse());
  };
  for (const auto& [open, close] : {std::pair("[", "]"), std::pair("{\"a\":", "}")}) {
    EXPECT_TRUE(is_taken(open, close, 1));
    EXPECT_TRUE(is_taken(open, close, kMaxBodyDepth));
    EXPECT_FALSE(is_taken(open, close, kMaxBodyDepth + 1)) << open;
    EXPECT_FALSE(is_taken(open, close, kMaxBodyDepth + 2)) << open;
  }
}

TEST(JsonBody, SurvivesDeepNesting) {
  const std::string deep(100'000, '[');
  EXPECT_TRUE(std::holds_alternative<JsonBody::Fault>(Sent("{\"a\":" + deep + "}").parse()));
}

}  // namespace
}  // namespace ginnel::api
