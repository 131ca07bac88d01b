// SPDX-License-Identifier: MIT
#include "qr/color.h"

#include <array>
#include <cstdlib>

namespace ginnel::qr {
namespace {

std::optional<std::uint8_t> digit_of(char c) noexcept {
  if (c >= '0' && c <= '9') {
    return static_cast<std::uint8_t>(c - '0');
  }
  if (c >= 'a' && c <= 'f') {
    return static_cast<std::uint8_t>(c - 'a' + 10);
  }
  if (c >= 'A' && c <= 'F') {
    return static_cast<std::uint8_t>(c - 'A' + 10);
  }
  return std::nullopt;
}

/// Brightness as the eye weighs it (ITU-R BT.601), in thousandths of 255.
int brightness(Color color) noexcept {
  return 299 * color.red + 587 * color.green + 114 * color.blue;
}

}  // namespace

std::optional<Color> parse_color(std::string_view text) noexcept {
  if (text.starts_with('#')) {
    text.remove_prefix(1);
  }
  if (text.size() != 3 && text.size() != 6) {
    return std::nullopt;
  }
  const std::size_t digits = text.size() / 3;  // of one part; a single one stands for two
  std::array<std::uint8_t, 3> parts{};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto high = digit_of(text[i * digits]);
    const auto low = digit_of(text[i * digits + digits - 1]);
    if (!high || !low) {
      return std::nullopt;
    }
    parts[i] = static_cast<std::uint8_t>(*high * 16 + *low);
  }
  return Color{parts[0], parts[1], parts[2]};
}

bool stand_apart(Color one, Color other) noexcept {
  constexpr int kAll = 1'000 * 255;
  return std::abs(brightness(one) - brightness(other)) * 10 >= kAll * 4;
}

}  // namespace ginnel::qr
