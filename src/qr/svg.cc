// SPDX-License-Identifier: MIT
#include <array>

#include "base/hex.h"
#include "qr/picture.h"

namespace ginnel::qr {
namespace {

std::string text_of(Color color) {
  return "#" + to_hex(std::array{color.red, color.green, color.blue});
}

/// Where the run of dark modules that begins at (x, y) ends.
int end_of_run(const QrCode& code, int x, int y) noexcept {
  while (x < code.width() && code.dark(x, y)) {
    ++x;
  }
  return x;
}

}  // namespace

int smallest_size(const QrCode& code, int margin) noexcept {
  return code.width() + 2 * margin;
}

std::string svg_of(const QrCode& code, const Style& style) {
  const std::string size = std::to_string(style.size);
  const std::string modules = std::to_string(smallest_size(code, style.margin));
  std::string out = R"(<svg xmlns="http://www.w3.org/2000/svg" width=")" + size + R"(" height=")" +
                    size + R"(" viewBox="0 0 )" + modules + " " + modules +
                    R"(" shape-rendering="crispEdges"><path fill=")" + text_of(style.background) +
                    R"(" d="M0 0h)" + modules + "v" + modules + R"(H0z"/><path fill=")" +
                    text_of(style.color) + R"(" d=")";
  for (int y = 0; y < code.width(); ++y) {
    for (int x = 0; x < code.width(); ++x) {
      const int end = end_of_run(code, x, y);
      if (end > x) {
        const std::string run = std::to_string(end - x);
        out.append("M").append(std::to_string(x + style.margin)).append(" ");
        out.append(std::to_string(y + style.margin));
        out.append("h").append(run).append("v1h-").append(run).append("z");
        x = end;
      }
    }
  }
  return out + "\"/></svg>\n";
}

}  // namespace ginnel::qr
