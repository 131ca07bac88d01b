// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "http/request.h"
#include "qr/picture.h"

namespace ginnel::api {

/// Pixels of a side at most: drawn by the loop's thread, which has visitors waiting.
inline constexpr int kMaxQrSize = 1'024;

enum class QrFormat : std::uint8_t { kSvg, kPng };

/// How a QR code is asked for.
struct QrQuestion {
  QrFormat format = QrFormat::kSvg;
  qr::Level level = qr::Level::kM;
  qr::Style style;
};

/// Reads `size`, `margin`, `color`, `background` and `level`, and `format` too unless it is given.
/// Fails with kInvalid, naming every parameter that is wrong.
Result<QrQuestion> read_qr_question(const http::Request& request,
                                    std::optional<QrFormat> format = std::nullopt);

/// Draws `text` as it is asked for. Fails with kInvalid, naming `size`, when it has not a pixel for
/// each module.
Result<std::string> draw_qr(const std::string& text, const QrQuestion& question);

}  // namespace ginnel::api
