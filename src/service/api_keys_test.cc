// SPDX-License-Identifier: MIT
#include "service/api_keys.h"

#include <gtest/gtest.h>

namespace ginnel::service {
namespace {

constexpr const char* kKey = "0123456789abcdef";

TEST(ApiKeys, KnowWhoseAKeyIs) {
  const ApiKeys keys(kKey);
  EXPECT_FALSE(keys.empty());
  EXPECT_EQ(keys.owner_of(kKey), "api.key");
}

TEST(ApiKeys, KnowNoOtherText) {
  const ApiKeys keys(kKey);
  const std::string key(kKey);
  for (const std::string& text : {std::string(),
                                  key.substr(1),
                                  key.substr(0, key.size() - 1),
                                  key + key.back(),
                                  key + std::string(1, '\0'),
                                  " " + key,
                                  std::string("0123456789ABCDEF"),
                                  std::string(100'000, 'x')}) {
    EXPECT_EQ(keys.owner_of(text), std::nullopt) << text.substr(0, 20);
  }
}

TEST(ApiKeys, MayBeNone) {
  const ApiKeys none("");
  EXPECT_TRUE(none.empty());
  EXPECT_EQ(none.owner_of(""), std::nullopt);
  EXPECT_EQ(none.owner_of(kKey), std::nullopt);
}

}  // namespace
}  // namespace ginnel::service
