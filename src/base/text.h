// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ginnel {

/// `text` without the ASCII white space (space, \t \n \v \f \r) around it.
std::string_view trimmed(std::string_view text) noexcept;

/// An ASCII letter in lower case, every other byte as it is.
constexpr char ascii_lower_character(char character) noexcept {
  return character >= 'A' && character <= 'Z' ? static_cast<char>(character - 'A' + 'a')
                                              : character;
}

/// ASCII letters in lower case, every other byte as it is: what names are compared by.
std::string ascii_lower(std::string_view text);

/// The items, with `separator` between them.
std::string joined(const std::vector<std::string>& items, std::string_view separator = ", ");

/// The number of code points, or nothing when `text` is not valid UTF-8 (RFC 3629: no surrogates,
/// no overlong forms, at most U+10FFFF).
std::optional<std::size_t> utf8_length(std::string_view text) noexcept;

/// Whether `text` holds a byte below 0x20 or 0x7f.
bool has_control_characters(std::string_view text) noexcept;

}  // namespace ginnel
