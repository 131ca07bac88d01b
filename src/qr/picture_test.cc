// SPDX-License-Identifier: MIT
#include "qr/picture.h"

#include <algorithm>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>
#include <png.h>

#include "qr/sample_fixture.h"

namespace ginnel::qr {
namespace {

constexpr Color kCream{0xff, 0xf8, 0xe0};

/// A PNG that libpng has read.
struct Pixels {
  int side = 0;
  std::vector<Color> colors;

  Color at(int x, int y) const {
    return colors[static_cast<std::size_t>(y) * static_cast<std::size_t>(side) +
                  static_cast<std::size_t>(x)];
  }
};

Pixels read(const std::string& png) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_memory(&image, png.data(), png.size()) == 0) {
    throw std::runtime_error(image.message);
  }
  image.format = PNG_FORMAT_RGB;
  Pixels pixels{static_cast<int>(image.width), {}};
  pixels.colors.resize(std::size_t{image.width} * image.height);
  static_assert(sizeof(Color) == 3);
  if (png_image_finish_read(&image, nullptr, pixels.colors.data(), 0, nullptr) == 0) {
    throw std::runtime_error(image.message);
  }
  return pixels;
}

QrCode code() {
  auto made = QrCode::of(kAddress, Level::kM);
  return std::move(*made);
}

TEST(Picture, HasEveryModuleAsASquareOfWholePixels) {
  const QrCode shown = code();
  const Style style{300, 4, kBrick, kCream};
  const Pixels pixels = read(png_of(shown, style));
  ASSERT_EQ(pixels.side, 300);
  const int scale = 300 / (shown.width() + 8);
  const int first = (300 - scale * shown.width()) / 2;
  for (int y = 0; y < 300; ++y) {
    for (int x = 0; x < 300; ++x) {
      const int column = x < first ? -1 : (x - first) / scale;
      const int row = y < first ? -1 : (y - first) / scale;
      const bool inside = column >= 0 && row >= 0 && column < shown.width() && row < shown.width();
      const bool dark = inside && shown.dark(column, row);
      ASSERT_EQ(pixels.at(x, y), dark ? kBrick : kCream) << x << " " << y;
    }
  }
}

TEST(Picture, IsAtLeastAPixelAModule) {
  const QrCode shown = code();
  for (const int margin : {0, 4, 32}) {
    const int size = smallest_size(shown, margin);
    EXPECT_EQ(size, shown.width() + 2 * margin);
    EXPECT_EQ(read(png_of(shown, {size, margin, {}, kCream})).side, size);
    EXPECT_THROW(png_of(shown, {size - 1, margin, {}, kCream}), std::invalid_argument);
  }
}

TEST(Picture, IsSmallAsAFile) {
  EXPECT_LT(png_of(code(), Style()).size(), 2'500U);
  EXPECT_LT(svg_of(code(), Style()).size(), 8'000U);
}

TEST(Picture, IsSvgOfTheSameModules) {
  const QrCode shown = code();
  const std::string svg = svg_of(shown, {300, 2, kBrick, kCream});
  const std::string modules = std::to_string(shown.width() + 4);
  EXPECT_NE(svg.find(R"(width="300" height="300" viewBox="0 0 )" + modules + " " + modules),
            std::string::npos)
      << svg;
  EXPECT_NE(svg.find(R"(fill="#fff8e0" d="M0 0h)" + modules), std::string::npos) << svg;
  EXPECT_NE(svg.find(R"(fill="#9c3a1d" d="M2 2h7v1h-7z)"), std::string::npos) << svg;
  int runs = 0;
  for (int y = 0; y < shown.width(); ++y) {
    for (int x = 0; x < shown.width(); ++x) {
      runs += shown.dark(x, y) && (x == 0 || !shown.dark(x - 1, y)) ? 1 : 0;
    }
  }
  EXPECT_EQ(std::count(svg.begin(), svg.end(), 'M'), runs + 1);
}

}  // namespace
}  // namespace ginnel::qr
