// SPDX-License-Identifier: MIT
#include "storage/sqlite/changed_codes.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace ginnel::storage {
namespace {

ChangedCodes some(std::size_t count) {
  ChangedCodes codes;
  for (std::size_t index = 0; index < count; ++index) {
    codes.add("code" + std::to_string(index));
  }
  return codes;
}

TEST(ChangedCodes, NamesEachUpToItsLimit) {
  EXPECT_TRUE(some(0).none());
  EXPECT_FALSE(some(1).none());
  EXPECT_EQ(some(1'000).take().size(), 1'000U);
}

TEST(ChangedCodes, StandsForEverythingPastItsLimit) {
  auto codes = some(1'001);

  EXPECT_FALSE(codes.none());
  EXPECT_TRUE(std::move(codes).take().empty());
}

TEST(ChangedCodes, StandsForEverythingWhenAPartDoes) {
  auto codes = some(3);
  codes.add_all(some(1'001));

  EXPECT_FALSE(codes.none());
  EXPECT_TRUE(std::move(codes).take().empty());
}

TEST(ChangedCodes, KeepsBothPartsWhenThereIsRoom) {
  auto codes = some(2);
  codes.add_all(some(1));

  EXPECT_EQ(std::move(codes).take(), (std::vector<std::string>{"code0", "code1", "code0"}));
}

}  // namespace
}  // namespace ginnel::storage
