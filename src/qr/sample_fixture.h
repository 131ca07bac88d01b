// SPDX-License-Identifier: MIT
// What the tests of this folder draw.
#pragma once

#include <string>

#include "qr/color.h"

namespace ginnel::qr {

inline const std::string kAddress = "http://localhost:8080/UeWfmJ";
inline constexpr Color kBrick{0x9c, 0x3a, 0x1d};

}  // namespace ginnel::qr
