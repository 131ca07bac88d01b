// SPDX-License-Identifier: MIT
#include "base/sip_hash.h"

#include <cstdint>
#include <string_view>

#include <gtest/gtest.h>

namespace ginnel {
namespace {

struct Vector {
  std::string_view text;
  std::uint64_t hash;
};

// CPython's hash(b"..."), which is SipHash-1-3 with a key of zeros under PYTHONHASHSEED=0; the one
// of the empty text is the reference implementation's (CPython gives 0 for it).
constexpr Vector kVectors[] = {
    {"", 0xd1fba762150c532c},
    {"a", 0x407448d2b89b1813},
    {"abcdefg", 0x6db12aae9070f506},
    {"abcdefgh", 0x3f7b849c0b8e35ea},
    {"abcdefghi", 0xf89b34a3d11eb6e5},
    {"0123456789abcdefghijklmnopqrstuv", 0x530e249ffc2c0e44},
};

TEST(SipHash13, GivesThePublishedValues) {
  for (const Vector& vector : kVectors) {
    EXPECT_EQ(SipHash13(SipKey())(vector.text), vector.hash) << vector.text;
  }
}

TEST(SipHash13, ReadsEachByteOfAShortTail) {
  for (std::size_t length = 1; length < 16; ++length) {
    const std::string plain(length, 'a');
    for (std::size_t i = 0; i < length; ++i) {
      std::string other = plain;
      other[i] = '\xe4';
      EXPECT_NE(SipHash13(SipKey())(plain), SipHash13(SipKey())(other)) << length << ' ' << i;
    }
  }
}

TEST(SipHash13, DependsOnBothHalvesOfTheKey) {
  const std::uint64_t plain = SipHash13(SipKey())("docs");

  EXPECT_NE(SipHash13(SipKey{1, 0})("docs"), plain);
  EXPECT_NE(SipHash13(SipKey{0, 1})("docs"), plain);
}

TEST(SipKey, IsAnotherOneEachTime) {
  EXPECT_NE(SipHash13(SipKey::random())("docs"), SipHash13(SipKey::random())("docs"));
}

}  // namespace
}  // namespace ginnel
