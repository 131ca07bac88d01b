// SPDX-License-Identifier: MIT
#include "base/json_text.h"

#include <gtest/gtest.h>

namespace ginnel {
namespace {

std::string quoted(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

TEST(JsonText, EscapesWhatJsonForbids) {
  EXPECT_EQ(quoted("a\"b\\c\n\r\t"), R"("a\"b\\c\n\r\t")");
  EXPECT_EQ(quoted(std::string_view("\0\x1f\x7f", 3)), R"("\u0000\u001f\u007f")");
}

TEST(JsonText, WritesOnlyAscii) {
  EXPECT_EQ(quoted("caf\xc3\xa9"), R"("caf\u00e9")");
  EXPECT_EQ(quoted("\xe2\x82\xac"), R"("\u20ac")");
  EXPECT_EQ(quoted("\xf0\x9f\x98\x80"), R"("\ud83d\ude00")");
}

TEST(JsonText, ReplacesBytesThatAreNotText) {
  EXPECT_EQ(quoted("\xff"), R"("\ufffd")");
  EXPECT_EQ(quoted("\xc0\x80"), R"("\ufffd\ufffd")") << "an overlong NUL";
  EXPECT_EQ(quoted("\xed\xa0\x80x"), R"("\ufffd\ufffd\ufffdx")") << "a surrogate";
  EXPECT_EQ(quoted("\xf4\x90\x80\x80"), R"("\ufffd\ufffd\ufffd\ufffd")") << "above U+10FFFF";
  EXPECT_EQ(quoted("\xe2\x82"), R"("\ufffd\ufffd")") << "cut short";
}

TEST(JsonObject, WritesEveryKindOfValue) {
  std::string out;
  JsonObject object(out);
  object.add("a", 1)
      .add("b", "text")
      .add("c", true)
      .add("d", std::optional<std::int64_t>())
      .add("e", std::optional<std::int64_t>(5))
      .add_raw("f", R"({"x":1})");
  object.end();
  EXPECT_EQ(out, R"({"a":1,"b":"text","c":true,"d":null,"e":5,"f":{"x":1}})");
}

TEST(JsonObject, MayBeEmpty) {
  std::string out;
  JsonObject(out).end();
  EXPECT_EQ(out, "{}");
}

}  // namespace
}  // namespace ginnel
