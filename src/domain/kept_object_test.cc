// SPDX-License-Identifier: MIT
#include "domain/kept_object.h"

#include <string>

#include <gtest/gtest.h>

namespace ginnel::domain {
namespace {

std::string fault_of(std::string_view text) {
  return kept_object_fault(text, kEventDetails).value_or("none");
}

TEST(KeptObject, TakesEveryKindOfValue) {
  for (const std::string_view text : {
           "{}",
           " {\"a\" : [ 1, -2.5e3, true, false, null, \"x\", {\"b\": []} ] }\n",
           R"({"short_code":"UeWfmJ","original_url":"https://opswise.net/young/uplink/1"})",
           R"({"same":1,"same":2})",
           R"({"":0,"é":"\ud83d\ude00","\u00e9":"\u2028"})",
           R"({"max":1.7976931348623157e308,"min":5e-324,"long":123456789012345678901234567890})",
       }) {
    EXPECT_EQ(fault_of(text), "none") << text;
  }
}

TEST(KeptObject, NothingButAnObjectWillDo) {
  for (const std::string_view text :
       {"", " \n", "[]", "5", "-1.5", "\"s\"", "\"\"", "null", "true"}) {
    EXPECT_EQ(fault_of(text), "details must be a JSON object") << text;
  }
}

TEST(KeptObject, NumbersThatNoDoubleHoldsAreNamed) {
  EXPECT_EQ(fault_of(R"({"a":{"b":[0,1,1e400]}})"),
            "details.a.b[2] is a number beyond what a double can hold");
  EXPECT_EQ(fault_of(R"({"a":-1e309})"), "details.a is a number beyond what a double can hold");
  EXPECT_EQ(fault_of(R"({"a":1e99999999999})"),
            "details.a is a number beyond what a double can hold");
  EXPECT_EQ(fault_of("{\"a\":1" + std::string(400, '0') + "}"),
            "details.a is a number beyond what a double can hold");
}

TEST(KeptObject, TextsWithNulOrHalfACharacterAreNamed) {
  EXPECT_EQ(fault_of(R"({"note":"a\u0000b"})"), "details.note holds U+0000");
  EXPECT_EQ(fault_of(R"({"x":[{"a\u0000":1}]})"), "details.x[0] has a key with U+0000");
  EXPECT_EQ(fault_of(R"({"note":"\ud800"})"), "details.note holds a lone surrogate");
  EXPECT_EQ(fault_of(R"({"note":"\ud800\u0041"})"), "details.note holds a lone surrogate");
  EXPECT_EQ(fault_of(R"({"note":"\udc00"})"), "details.note holds a lone surrogate");
  EXPECT_EQ(fault_of(R"({"ok":1,"n\ud83d":2})"), "details holds a lone surrogate");
}

TEST(KeptObject, BrokenJsonIsNamedWithItsPlace) {
  EXPECT_EQ(fault_of("{\"a\":}"), "details.a is not valid JSON (at byte 6)");
  EXPECT_EQ(fault_of("{\"a\":[1,2"), "details.a[2] is not valid JSON (at byte 10)");
  for (const std::string_view text : {"{",
                                      "{\"a\":1,}",
                                      "{'a':1}",
                                      "{a:1}",
                                      "{} {}",
                                      "{}x",
                                      "{\"a\":NaN}",
                                      "{\"a\":Infinity}",
                                      "{\"a\":01}",
                                      "{\"a\":+1}",
                                      "{\"a\":.5}",
                                      "{/**/}",
                                      "{\"a\":\"\t\"}",
                                      "{\"a\":\"\\x\"}",
                                      "\xef\xbb\xbf{}",
                                      "no"}) {
    EXPECT_NE(fault_of(text).find("not valid JSON"), std::string::npos) << text << fault_of(text);
  }
}

TEST(KeptObject, OtherEncodingsAreRefused) {
  EXPECT_EQ(fault_of("{\"a\":\"\xe9\"}"), "details must be valid UTF-8");
  EXPECT_EQ(fault_of("{\"a\":\"\xed\xa0\x80\"}"), "details must be valid UTF-8");
}

TEST(KeptObject, DepthEndsAtTheLimit) {
  const auto nested = [](std::size_t depth) {
    return "{\"a\":" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
  };
  EXPECT_EQ(fault_of(nested(kMaxKeptObjectDepth)), "none");
  EXPECT_EQ(fault_of(nested(kMaxKeptObjectDepth + 1)), "details must not be nested deeper than 64");
}

TEST(KeptObject, SizeEndsAtTheLimit) {
  const auto sized = [](std::size_t bytes) {
    return "{\"a\":\"" + std::string(bytes - 8, 'x') + "\"}";
  };
  EXPECT_EQ(fault_of(sized(kEventDetails.max_bytes)), "none");
  EXPECT_EQ(fault_of(sized(kEventDetails.max_bytes + 1)), "details must not exceed 65536 bytes");
}

TEST(KeptObject, OddKeysAreQuotedAndLongPlacesCut) {
  EXPECT_EQ(fault_of(R"({"a b\n":1e400})"),
            "details[\"a b\\n\"] is a number beyond what a double can hold");
  EXPECT_EQ(fault_of(R"({"é":"\u0000"})"), "details[\"\\u00e9\"] holds U+0000");
  const auto fault = fault_of("{\"" + std::string(5'000, 'k') + "\":1e400}");
  EXPECT_LT(fault.size(), 260u);
  EXPECT_NE(fault.find("kkk... is a number"), std::string::npos);
}

TEST(KeptObject, FaultsNameTheFieldAndItsLimits) {
  const auto fault = [](std::string_view text) {
    return kept_object_fault(text, kUserMetadata).value_or("none");
  };
  EXPECT_EQ(fault("{\"a\":\"" + std::string(16'384 - 8, 'x') + "\"}"), "none");
  EXPECT_EQ(fault("{\"a\":\"" + std::string(16'384 - 7, 'x') + "\"}"),
            "metadata must not exceed 16384 bytes");
  EXPECT_EQ(fault("[1]"), "metadata must be a JSON object");
  EXPECT_EQ(fault(" "), "metadata must be a JSON object");
  EXPECT_EQ(fault("{\"a\":" + std::string(64, '[') + std::string(64, ']') + "}"),
            "metadata must not be nested deeper than 64");
  EXPECT_EQ(fault("{\"a\":\"\xe9\"}"), "metadata must be valid UTF-8");
  EXPECT_EQ(fault(R"({"a":[0,"\u0000"]})"), "metadata.a[1] holds U+0000");
}

}  // namespace
}  // namespace ginnel::domain
