// SPDX-License-Identifier: MIT
#include "base/hex.h"

#include <charconv>
#include <iterator>

#include <boost/algorithm/hex.hpp>

namespace ginnel {

std::string to_hex(std::span<const std::uint8_t> bytes) {
  std::string text;
  boost::algorithm::hex_lower(bytes.begin(), bytes.end(), std::back_inserter(text));
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
