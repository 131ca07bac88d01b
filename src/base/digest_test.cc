// SPDX-License-Identifier: MIT
#include "base/digest.h"

#include <gtest/gtest.h>

namespace ginnel {
namespace {

// b2sum -l 128, coreutils 9.1.
TEST(Digest, IsBlake2b) {
  EXPECT_EQ(digest_of(""), "cae66941d9efbd404e4d88758ea67670");
  EXPECT_EQ(digest_of("abc"), "cf4ab791c62b8d2b2109c90275287816");
}

}  // namespace
}  // namespace ginnel
