// SPDX-License-Identifier: MIT
#include "clicks/agent_device.h"

#include <gtest/gtest.h>

namespace ginnel::clicks {
namespace {

// tests/data/user_agents.tsv has whole agents; here are the pairs that are easily confused.

TEST(AgentDevice, IsAPhoneOnlyWhenAndroidSaysMobile) {
  EXPECT_EQ(device_of("linux; android 14; pixel 8) chrome/131 mobile safari"), "mobile");
  EXPECT_EQ(device_of("linux; android 14; sm-x906c) chrome/131 safari"), "tablet");
}

TEST(AgentDevice, IsATabletThoughAnIpadSaysMobile) {
  EXPECT_EQ(device_of("ipad; cpu os 17_7 like mac os x) mobile/15e148"), "tablet");
  EXPECT_EQ(device_of("iphone; cpu iphone os 17_7 like mac os x) mobile/15e148"), "mobile");
}

TEST(AgentDevice, IsADesktopThoughWindowsNamesTabletPc) {
  EXPECT_EQ(device_of("windows nt 6.1; trident/4.0; tablet pc 2.0"), "desktop");
}

TEST(AgentDevice, IsOtherThoughATelevisionRunsAndroid) {
  EXPECT_EQ(device_of("linux; android 9; aftka) silk/110"), "other");
  EXPECT_EQ(device_of("linux; android 9; kfmawi) silk/110"), "tablet");
}

TEST(AgentDevice, IsEmptyWhenTheAgentSpeaksOfNone) {
  EXPECT_EQ(device_of(""), "");
  EXPECT_EQ(device_of("curl/7.88.1"), "");
}

}  // namespace
}  // namespace ginnel::clicks
