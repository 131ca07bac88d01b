// SPDX-License-Identifier: MIT
#include "base/percent_encoding.h"

#include <cstddef>
#include <cstdint>

#include "base/text.h"

namespace ginnel {

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
    const auto byte =
        i + 2 < text.size() ? parse_number<std::uint8_t>(text.substr(i + 1, 2), 16) : std::nullopt;
    if (!byte) {
      return std::nullopt;
    }
    decoded += static_cast<char>(*byte);
    i += 2;
  }
  return decoded;
}

}  // namespace ginnel
