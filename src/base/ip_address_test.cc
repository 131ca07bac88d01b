// SPDX-License-Identifier: MIT
#include "base/ip_address.h"

#include <gtest/gtest.h>

namespace ginnel {
namespace {

TEST(IpAddress, IsReadAndWrittenInItsShortestForm) {
  for (const auto& [text, shortest] : {std::pair("192.0.2.1", "192.0.2.1"),
                                       std::pair("2001:0db8:0:0:0:0:0:1", "2001:db8::1"),
                                       std::pair("::", "::"),
                                       std::pair("0.0.0.0", "0.0.0.0")}) {
    const auto address = parse_ip_address(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(to_text(*address), shortest);
  }
}

TEST(IpAddress, CountsAMappedAddressAsIpv4) {
  const auto address = parse_ip_address("::ffff:192.0.2.1");

  ASSERT_TRUE(address);
  EXPECT_EQ(address->length, 4);
  EXPECT_EQ(to_text(*address), "192.0.2.1");
}

TEST(IpAddress, IsNothingForOtherTexts) {
  for (const char* text : {"",
                           " 192.0.2.1",
                           "192.0.2.1:80",
                           "[::1]",
                           "192.0.2",
                           "1.2.3.4.5",
                           "::g",
                           "fe80::1%eth0",
                           "0300.1.1.1",
                           "unknown",
                           "1111:1111:1111:1111:1111:1111:1111:1111:1111:1111:1111"}) {
    EXPECT_FALSE(parse_ip_address(text)) << text;
  }
}

TEST(IpAddress, IsLoopbackInBothFamilies) {
  for (const char* text : {"127.0.0.1", "127.255.255.255", "::1", "::ffff:127.0.0.1"}) {
    EXPECT_TRUE(is_loopback(*parse_ip_address(text))) << text;
  }
  for (const char* text : {"128.0.0.1", "126.0.0.1", "0.0.0.0", "::", "::2", "7f00::", "1::1"}) {
    EXPECT_FALSE(is_loopback(*parse_ip_address(text))) << text;
  }
  EXPECT_FALSE(is_loopback(IpAddress()));
}

TEST(IpAddress, IsAnEmptyTextWhenItIsNotKnown) {
  EXPECT_EQ(to_text(IpAddress()), "");
}

}  // namespace
}  // namespace ginnel
