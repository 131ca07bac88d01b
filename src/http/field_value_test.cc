// SPDX-License-Identifier: MIT
#include "http/field_value.h"

#include <gtest/gtest.h>

namespace ginnel::http {
namespace {

std::string parameter(std::string_view text, std::string_view name) {
  const auto value = FieldValue::parse(text);
  return value ? std::string(value->parameter(name).value_or("(none)")) : "(no value)";
}

TEST(FieldValue, IsReadWithItsParameters) {
  const auto value = FieldValue::parse(" Text/CSV ; Charset=UTF-8;header=present");
  ASSERT_TRUE(value);
  EXPECT_EQ(value->text, "text/csv");
  EXPECT_EQ(value->parameter("charset"), "UTF-8");
  EXPECT_EQ(value->parameter("header"), "present");
  EXPECT_EQ(value->parameter("boundary"), std::nullopt);
}

TEST(FieldValue, HasQuotedParameters) {
  EXPECT_EQ(parameter(R"(form-data; name="a;b=\"c\"\\d"; filename="")", "name"), R"(a;b="c"\d)");
  EXPECT_EQ(parameter(R"(form-data; name="f"; filename="")", "filename"), "");
  EXPECT_EQ(parameter(R"(form-data; filename="C:\dir\x.csv")", "filename"), R"(C:\dir\x.csv)")
      << "old browsers do not double the backslashes of a path";
}

TEST(FieldValue, FirstOfTwoParametersCounts) {
  EXPECT_EQ(parameter("a/b; x=1; x=2", "x"), "1");
}

TEST(FieldValue, MayHaveAnEqualsSignWithoutQuotes) {
  EXPECT_EQ(parameter("multipart/form-data; boundary=--=_1", "boundary"), "--=_1");
}

TEST(FieldValue, MayEndInASemicolon) {
  EXPECT_EQ(parameter("a/b; x=1 ; ", "x"), "1");
}

TEST(FieldValue, IsNoneWithoutItsForm) {
  for (const char* text :
       {"", ";", "; x=1", "a/b x", "a/b; x", "a/b; =1", "a/b; x=\"1", "a/b; x=1 2", "a/b, c/d"}) {
    EXPECT_EQ(parameter(text, "x"), "(no value)") << text;
  }
}

}  // namespace
}  // namespace ginnel::http
