// SPDX-License-Identifier: MIT
#include "domain/reserved_codes.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "domain/text.h"

namespace ginnel::domain {
namespace {

TEST(ReservedCodes, HoldEveryRouteOfToday) {
  for (const char* word : {"users",
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
                           "favicon.ico",
                           "robots.txt"}) {
    EXPECT_TRUE(is_reserved(word)) << word;
  }
}

TEST(ReservedCodes, AreFoundOneByOneInAnyCase) {
  for (const std::string_view word : reserved_codes()) {
    std::string shouted(word);
    std::ranges::transform(shouted, shouted.begin(), [](char character) {
      return character >= 'a' && character <= 'z' ? static_cast<char>(character - 'a' + 'A')
                                                  : character;
    });
    EXPECT_TRUE(is_reserved(word)) << word;
    EXPECT_TRUE(is_reserved(shouted)) << shouted;
    EXPECT_EQ(word, ascii_lower(word));
  }
}

TEST(ReservedCodes, TakeNoNeighbour) {
  for (const char* free : {"",
                           "userss",
                           "User-s",
                           "aZ3xQ1",
                           "zzz",
                           "a",
                           "healthy",
                           "openapi_json",
                           "a-code-longer-than-any-word-there"}) {
    EXPECT_FALSE(is_reserved(free)) << free;
  }
}

}  // namespace
}  // namespace ginnel::domain
