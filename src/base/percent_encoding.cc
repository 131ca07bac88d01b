// SPDX-License-Identifier: MIT
#include "base/percent_encoding.h"

#include <cstddef>

#include "base/text.h"

namespace ginnel {
namespace {

int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  const char letter = ascii_lower_character(c);
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

}  // namespace

void append_percent_encoded(std::string& out, std::string_view text, bool (*is_unsafe)(char)) {
  constexpr std::string_view kUpperDigits = "0123456789ABCDEF";
  for (const char character : text) {
    if (is_unsafe(character)) {
      const auto byte = static_cast<unsigned char>(character);
      out.append({'%', kUpperDigits[byte >> 4], kUpperDigits[byte & 0xf]});
    } else {
      out += character;
    }
  }
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
    if (high < 0 || low < 0) {
      return std::nullopt;
    }
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

}  // namespace ginnel
