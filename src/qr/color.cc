// SPDX-License-Identifier: MIT
#include "qr/color.h"

#include <array>
#include <cstdlib>
#include <string>

#include "base/hex.h"
#include "base/text.h"

namespace ginnel::qr {
namespace {

/// Brightness as the eye weighs it (ITU-R BT.601), in thousandths of 255.
int brightness(Color color) noexcept {
  return 299 * color.red + 587 * color.green + 114 * color.blue;
}

}  // namespace

std::optional<Color> parse_color(std::string_view text) {
  std::string digits = ascii_lower(text.substr(text.starts_with('#') ? 1 : 0));
  if (digits.size() == 3) {  // each stands for two
    digits = {digits[0], digits[0], digits[1], digits[1], digits[2], digits[2]};
  }
  std::array<std::uint8_t, 3> parts{};
  return from_hex(digits, parts) ? std::optional(Color{parts[0], parts[1], parts[2]})
                                 : std::nullopt;
}

bool stand_apart(Color one, Color other) noexcept {
  constexpr int kAll = 1'000 * 255;
  return std::abs(brightness(one) - brightness(other)) * 10 >= kAll * 4;
}

}  // namespace ginnel::qr
