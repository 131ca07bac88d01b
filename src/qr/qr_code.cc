// SPDX-License-Identifier: MIT
#include "qr/qr_code.h"

#include <memory>

#include <qrencode.h>

namespace ginnel::qr {
namespace {

/// By Level: its letters, and what libqrencode calls it.
constexpr std::string_view kLetters = "LlMmQqHh";
constexpr QRecLevel kLevels[] = {QR_ECLEVEL_L, QR_ECLEVEL_M, QR_ECLEVEL_Q, QR_ECLEVEL_H};

}  // namespace

std::optional<Level> parse_level(std::string_view text) noexcept {
  const auto place = text.size() == 1 ? kLetters.find(text.front()) : kLetters.npos;
  return place == kLetters.npos ? std::nullopt : std::optional(static_cast<Level>(place / 2));
}

Result<QrCode> QrCode::of(const std::string& text, Level level) {
  constexpr int kSmallestVersion = 0;
  constexpr int kCaseSensitive = 1;
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
      QRcode_encodeString(text.c_str(),
                          kSmallestVersion,
                          kLevels[static_cast<std::size_t>(level)],
                          QR_MODE_8,
                          kCaseSensitive),
      &QRcode_free);
  if (code == nullptr) {
    return Error(ErrorKind::kInvalid, "no QR code holds this text");
  }
  const std::ptrdiff_t modules = std::ptrdiff_t{code->width} * code->width;
  return QrCode(code->width, std::vector<std::uint8_t>(code->data, code->data + modules));
}

}  // namespace ginnel::qr
