// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

namespace ginnel {

/// What stands for a byte that is not text.
inline constexpr char32_t kReplacementCharacter = 0xfffd;

/// Removes the first code point from `text`, which is not empty, and gives it; when the text does
/// not begin with valid UTF-8 (RFC 3629: no overlong form, no surrogate, at most U+10FFFF), removes
/// one byte and gives nothing.
std::optional<char32_t> take_code_point(std::string_view& text) noexcept;

}  // namespace ginnel
