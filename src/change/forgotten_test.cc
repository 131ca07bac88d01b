// SPDX-License-Identifier: MIT
#include "change/forgotten.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace ginnel::change {
namespace {

Forgotten some(std::size_t count) {
  Forgotten codes;
  for (std::size_t index = 0; index < count; ++index) {
    codes.add("code" + std::to_string(index));
  }
  return codes;
}

TEST(Forgotten, NamesEachUpToItsLimit) {
  EXPECT_TRUE(some(0).is_nothing());
  EXPECT_FALSE(some(1).is_nothing());
  EXPECT_EQ(some(1'000).codes().size(), 1'000U);
  EXPECT_FALSE(some(1'000).is_everything());
}

TEST(Forgotten, IsEverythingPastItsLimit) {
  const auto codes = some(1'001);

  EXPECT_FALSE(codes.is_nothing());
  EXPECT_TRUE(codes.is_everything());
  EXPECT_TRUE(codes.codes().empty());
  EXPECT_TRUE(some(2'500).is_everything());
}

TEST(Forgotten, IsEverythingWhenAPartIs) {
  for (auto [one, other] : {std::pair(some(3), some(1'001)),
                            std::pair(some(1'001), some(3)),
                            std::pair(some(600), some(600))}) {
    one.add_all(std::move(other));
    EXPECT_TRUE(one.is_everything());
    EXPECT_TRUE(one.codes().empty());
  }
}

TEST(Forgotten, KeepsBothPartsWhenThereIsRoom) {
  auto codes = some(2);
  codes.add_all(some(1));

  EXPECT_EQ(codes.codes(), (std::vector<std::string>{"code0", "code1", "code0"}));
}

}  // namespace
}  // namespace ginnel::change
