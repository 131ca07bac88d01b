// SPDX-License-Identifier: MIT
#include "config/process_limits.h"

#include <sys/resource.h>

#include <gtest/gtest.h>

namespace ginnel::config {
namespace {

TEST(ConnectionsWithin, KeepsDescriptorsForTheRest) {
  EXPECT_EQ(connections_within(10'000, 20'000), 10'000u);
  EXPECT_EQ(connections_within(10'000, 10'128), 10'000u);
  EXPECT_EQ(connections_within(10'000, 10'127), 9'999u);
  EXPECT_EQ(connections_within(10'000, 1'024), 896u);
}

TEST(ConnectionsWithin, LeavesMostOfASmallLimit) {
  EXPECT_EQ(connections_within(10'000, 100), 75u);
  EXPECT_EQ(connections_within(10'000, 0), 1u);
}

TEST(RaiseFileLimit, GoesAsFarAsItMay) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit low = before;
  low.rlim_cur = std::min<rlim_t>(before.rlim_max, 64);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
  EXPECT_EQ(raise_file_limit(), before.rlim_max);
  rlimit after{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &after), 0);
  EXPECT_EQ(after.rlim_cur, before.rlim_max);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
}

TEST(UsableCores, IsAtLeastOne) {
  EXPECT_GE(usable_cores(), 1u);
}

}  // namespace
}  // namespace ginnel::config
