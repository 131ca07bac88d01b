// SPDX-License-Identifier: MIT
#include "base/hex.h"

#include <charconv>

namespace ginnel {

std::string to_hex(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const std::uint8_t byte : bytes) {
    text += kDigits[byte >> 4u];
    text += kDigits[byte & 15u];
  }
  return text;
}

bool from_hex(std::string_view text, std::span<std::uint8_t> bytes) noexcept {
  if (text.size() != 2 * bytes.size() ||
      text.find_first_not_of("0123456789abcdef") != std::string_view::npos) {
    return false;
  }
  for (std::uint8_t& byte : bytes) {
    std::from_chars(text.data(), text.data() + 2, byte, 16);
    text.remove_prefix(2);
  }
  return true;
}

}  // namespace ginnel
