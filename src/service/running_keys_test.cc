// SPDX-License-Identifier: MIT
#include "service/running_keys.h"

#include <gtest/gtest.h>

namespace ginnel::service {
namespace {

change::Context caller(const std::string& who, const std::string& key) {
  change::Context caller{{who, "request"}};
  caller.key = change::IdempotencyKey{key, "digest"};
  return caller;
}

TEST(RunningKeys, AKeyIsUnderWayOnce) {
  RunningKeys keys;
  {
    const auto first = keys.claim(caller("ada", "k"));
    ASSERT_TRUE(first);
    const auto second = keys.claim(caller("ada", "k"));
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind, ErrorKind::kUnderWay);
    EXPECT_EQ(second.error().faults.front().field, "Idempotency-Key");
    EXPECT_TRUE(keys.claim(caller("ada", "other")));
    EXPECT_TRUE(keys.claim(caller("bob", "k")));
  }
  EXPECT_TRUE(keys.claim(caller("ada", "k"))) << "the first has ended";
}

TEST(RunningKeys, ARefusedClaimLeavesTheKeyToItsOwner) {
  RunningKeys keys;
  const auto first = keys.claim(caller("ada", "k"));
  EXPECT_FALSE(keys.claim(caller("ada", "k")));
  EXPECT_FALSE(keys.claim(caller("ada", "k")));
}

TEST(RunningKeys, WithoutAKeyEverybodyMay) {
  RunningKeys keys;
  const auto first = keys.claim(change::Context());
  EXPECT_TRUE(first);
  EXPECT_TRUE(keys.claim(change::Context()));
}

}  // namespace
}  // namespace ginnel::service
