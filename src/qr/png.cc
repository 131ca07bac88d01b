// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include <png.h>

#include "qr/picture.h"

namespace ginnel::qr {
namespace {

constexpr std::uint8_t kLight = 0;
constexpr std::uint8_t kDark = 1;

/// One byte a pixel: kLight or kDark.
std::vector<std::uint8_t> pixels_of(const QrCode& code, const Style& style) {
  const std::ptrdiff_t side = style.size;
  const std::ptrdiff_t scale = style.size / smallest_size(code, style.margin);
  const std::ptrdiff_t first = (side - scale * code.width()) / 2;
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(side * side), kLight);
  auto row = pixels.begin() + first * side;
  for (int y = 0; y < code.width(); ++y) {
    const auto drawn = row;
    for (int x = 0; x < code.width(); ++x) {
      std::fill_n(drawn + first + x * scale, scale, code.dark(x, y) ? kDark : kLight);
    }
    for (std::ptrdiff_t copies = 1; copies < scale; ++copies) {
      std::copy_n(drawn, side, drawn + copies * side);
    }
    row += scale * side;
  }
  return pixels;
}

/// Two colours, which libpng writes at one bit a pixel.
png_image image_of(const Style& style) noexcept {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(style.size);
  image.height = image.width;
  image.format = PNG_FORMAT_RGB_COLORMAP;
  image.flags = PNG_IMAGE_FLAG_FAST;
  image.colormap_entries = 2;
  return image;
}

png_alloc_size_t most_bytes(const png_image& image) noexcept {
  return PNG_IMAGE_PNG_SIZE_MAX(image);
}

}  // namespace

std::string png_of(const QrCode& code, const Style& style) {
  if (style.size < smallest_size(code, style.margin)) {
    throw std::invalid_argument("a QR code smaller than a pixel a module");
  }
  const std::vector<std::uint8_t> pixels = pixels_of(code, style);
  const Color& light = style.background;
  const Color& dark = style.color;
  const std::array colors = {light.red, light.green, light.blue, dark.red, dark.green, dark.blue};
  png_image image = image_of(style);
  png_alloc_size_t size = most_bytes(image);
  std::string out(size, '\0');
  constexpr int kAsItIs = 0;
  constexpr int kRowAfterRow = 0;
  const int written = png_image_write_to_memory(
      &image, out.data(), &size, kAsItIs, pixels.data(), kRowAfterRow, colors.data());
  if (written == 0) {
    throw std::runtime_error(std::string("libpng: ") + image.message);
  }
  out.resize(size);
  return out;
}

}  // namespace ginnel::qr
