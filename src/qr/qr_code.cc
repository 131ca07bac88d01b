// SPDX-License-Identifier: MIT
#include "qr/qr_code.h"

#include <memory>

#include <qrencode.h>

namespace ginnel::qr {
namespace {

QRecLevel level_of(Level level) noexcept {
  switch (level) {
    case Level::kL:
      return QR_ECLEVEL_L;
    case Level::kM:
      return QR_ECLEVEL_M;
    case Level::kQ:
      return QR_ECLEVEL_Q;
    case Level::kH:
      return QR_ECLEVEL_H;
  }
  return QR_ECLEVEL_M;
}

}  // namespace

std::optional<Level> parse_level(std::string_view text) noexcept {
  if (text == "L" || text == "l") {
    return Level::kL;
  }
  if (text == "M" || text == "m") {
    return Level::kM;
  }
  if (text == "Q" || text == "q") {
    return Level::kQ;
  }
  if (text == "H" || text == "h") {
    return Level::kH;
  }
  return std::nullopt;
}

Result<QrCode> QrCode::of(const std::string& text, Level level) {
  constexpr int kSmallestVersion = 0;
  constexpr int kCaseSensitive = 1;
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
      QRcode_encodeString(
          text.c_str(), kSmallestVersion, level_of(level), QR_MODE_8, kCaseSensitive),
      &QRcode_free);
  if (code == nullptr) {
    return Error(ErrorKind::kInvalid, "no QR code holds this text");
  }
  const std::ptrdiff_t modules = std::ptrdiff_t{code->width} * code->width;
  return QrCode(code->width, std::vector<std::uint8_t>(code->data, code->data + modules));
}

}  // namespace ginnel::qr
