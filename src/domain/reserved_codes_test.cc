// SPDX-License-Identifier: MIT
#include "domain/reserved_codes.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "base/text.h"

namespace ginnel::domain {
namespace {

std::string ascii_upper(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](char character) {
    return character >= 'a' && character <= 'z' ? static_cast<char>(character - 'a' + 'A')
                                                : character;
  });
  return result;
}

TEST(ReservedCodes, HoldEveryRouteOfToday) {
  constexpr std::string_view kRoutes[] = {"users",
                                          "urls",
                                          "events",
                                          "audit",
                                          "health",
                                          "metrics",
                                          "docs",
                                          "v1",
                                          "openapi.json",
                                          "apispec.json",
                                          "static",
                                          "robots.txt"};
  for (const auto route : kRoutes) {
    EXPECT_TRUE(is_reserved(route)) << route;
  }
}

TEST(ReservedCodes, AreFoundOneByOneInAnyCase) {
  for (const auto word : reserved_codes()) {
    EXPECT_TRUE(is_reserved(word) && is_reserved(ascii_upper(word))) << word;
    EXPECT_EQ(word, ascii_lower(word));
  }
}

TEST(ReservedCodes, TakeNoNeighbour) {
  constexpr std::string_view kFree[] = {"",
                                        "userss",
                                        "User-s",
                                        "aZ3xQ1",
                                        "zzz",
                                        "a",
                                        "healthy",
                                        "openapi_json",
                                        "a-code-longer-than-any-word-there"};
  for (const auto code : kFree) {
    EXPECT_FALSE(is_reserved(code)) << code;
  }
}

}  // namespace
}  // namespace ginnel::domain
