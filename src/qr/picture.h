// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "qr/color.h"
#include "qr/qr_code.h"

namespace ginnel::qr {

/// How a code is drawn.
struct Style {
  int size = 300;  ///< pixels of a side
  int margin = 4;  ///< modules of the quiet zone on each side; the standard wants 4
  Color color;     ///< of dark modules
  Color background{255, 255, 255};
};

/// The smallest `size` that draws this code: a pixel a module, its margin included.
int smallest_size(const QrCode& code, int margin) noexcept;

/// The code as SVG: modules are squares of `size / (width + 2 margin)` pixels, at any scale sharp.
std::string svg_of(const QrCode& code, const Style& style);

/// The code as PNG of two colours: modules are whole pixels, as many as fit into `size`; what is
/// left widens the margin. `style.size` is not below smallest_size().
std::string png_of(const QrCode& code, const Style& style);

}  // namespace ginnel::qr
