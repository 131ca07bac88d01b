// SPDX-License-Identifier: MIT
#include "base/printable.h"

#include <string>

#include <gtest/gtest.h>

namespace ginnel {
namespace {

/// The place of the first unprintable byte, looked for one by one.
template <unsigned char lowest>
std::size_t expected_place(const std::string& text) {
  std::size_t at = 0;
  while (at < text.size() && static_cast<unsigned char>(text[at]) >= lowest &&
         static_cast<unsigned char>(text[at]) <= '~') {
    ++at;
  }
  return at;
}

template <unsigned char lowest>
std::size_t found_place(const std::string& text) {
  const char* const end = text.data() + text.size();
  return static_cast<std::size_t>(find_unprintable<lowest>(text.data(), end) - text.data());
}

/// Every byte at every place of texts up to three words long, with each kind of neighbour.
TEST(Printable, FindsTheFirstByteThatIsNot) {
  for (const char filler : {' ', '!', 'a', '~'}) {
    for (std::size_t length = 1; length <= 24; ++length) {
      for (std::size_t at = 0; at < length; ++at) {
        for (int byte = 0; byte < 256; ++byte) {
          std::string text(length, filler);
          text[at] = static_cast<char>(byte);
          if (at + 1 < length) {
            text[at + 1] = static_cast<char>(255 - byte);
          }
          ASSERT_EQ(found_place<' '>(text), expected_place<' '>(text)) << at << " " << byte;
          ASSERT_EQ(found_place<'!'>(text), expected_place<'!'>(text)) << at << " " << byte;
        }
      }
    }
  }
}

TEST(Printable, TellsTextFromTheRest) {
  EXPECT_TRUE(is_printable(""));
  EXPECT_TRUE(is_printable("a b~"));
  EXPECT_FALSE(is_printable("a\tb"));
  EXPECT_FALSE(is_printable("caf\xc3\xa9"));
  EXPECT_TRUE(is_printable<'!'>("ab"));
  EXPECT_FALSE(is_printable<'!'>("a b"));
}

}  // namespace
}  // namespace ginnel
