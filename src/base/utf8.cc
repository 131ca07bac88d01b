// SPDX-License-Identifier: MIT
#include "base/utf8.h"

#include <cstddef>
#include <cstdint>

namespace ginnel {
namespace {

/// How a sequence begins (RFC 3629 section 3): its length and the bits of its first byte.
struct Lead {
  std::size_t length;
  char32_t bits;
  char32_t smallest;  ///< a smaller value would be an overlong form
};

std::optional<Lead> lead_of(unsigned char byte) noexcept {
  if (byte < 0x80) {
    return Lead{1, byte, 0};
  }
  if ((byte & 0xe0) == 0xc0) {
    return Lead{2, byte & 0x1fu, 0x80};
  }
  if ((byte & 0xf0) == 0xe0) {
    return Lead{3, byte & 0x0fu, 0x800};
  }
  if ((byte & 0xf8) == 0xf0) {
    return Lead{4, byte & 0x07u, 0x10000};
  }
  return std::nullopt;
}

bool is_scalar_value(char32_t point) noexcept {
  return point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
}

/// The code point that `text` begins with; `length` is set when there is one.
std::optional<char32_t> decode(std::string_view text, std::size_t& length) noexcept {
  const auto lead = lead_of(static_cast<unsigned char>(text.front()));
  if (!lead || text.size() < lead->length) {
    return std::nullopt;
  }
  char32_t point = lead->bits;
  for (std::size_t i = 1; i < lead->length; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xc0) != 0x80) {
      return std::nullopt;
    }
    point = (point << 6) | (byte & 0x3fu);
  }
  if (point < lead->smallest || !is_scalar_value(point)) {
    return std::nullopt;
  }
  length = lead->length;
  return point;
}

}  // namespace

std::optional<char32_t> take_code_point(std::string_view& text) noexcept {
  std::size_t length = 1;
  const auto point = decode(text, length);
  text.remove_prefix(length);
  return point;
}

}  // namespace ginnel
