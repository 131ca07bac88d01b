// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace ginnel::qr {

struct Color {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;

  friend bool operator==(Color, Color) = default;
};

/// `9c3a1d` or `fff`, with or without `#` before it, in any case; nothing for anything else.
std::optional<Color> parse_color(std::string_view text);

/// Whether scanners can tell the two apart: their brightness differs by 40 % of all there is.
bool stand_apart(Color one, Color other) noexcept;

}  // namespace ginnel::qr
