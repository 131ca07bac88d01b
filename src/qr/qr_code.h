// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace ginnel::qr {

/// How much of a code may be unreadable: 7, 15, 25 or 30 % (ISO/IEC 18004).
enum class Level : std::uint8_t { kL, kM, kQ, kH };

/// `L`, `M`, `Q` or `H`, in any case; nothing for anything else.
std::optional<Level> parse_level(std::string_view text) noexcept;

/// A QR code: a square of dark and light modules, without the quiet zone around it.
class QrCode final {
 public:
  /// The smallest one that holds `text`. Fails with kInvalid when none does (2,953 bytes at level
  /// L, 1,273 at H) and for an empty text. Tens of microseconds for a short URL.
  static Result<QrCode> of(const std::string& text, Level level);

  /// Modules of a side: 21 to 177.
  int width() const noexcept { return width_; }

  /// Whether the module is dark; x and y from the upper left corner, 0 to width() - 1.
  bool dark(int x, int y) const noexcept {
    const auto row = static_cast<std::size_t>(y) * static_cast<std::size_t>(width_);
    return (modules_[row + static_cast<std::size_t>(x)] & kDarkBit) != 0;
  }

 private:
  static constexpr std::uint8_t kDarkBit = 1;

  QrCode(int width, std::vector<std::uint8_t> modules) noexcept
      : width_(width), modules_(std::move(modules)) {}

  int width_;
  std::vector<std::uint8_t> modules_;  ///< row after row; further bits are libqrencode's
};

}  // namespace ginnel::qr
