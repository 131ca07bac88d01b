// SPDX-License-Identifier: MIT
#pragma once

#include <charconv>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ginnel {

/// `text` without the ASCII white space (space, \t \n \v \f \r) around it.
std::string_view trimmed(std::string_view text) noexcept;

/// What stands before the first `mark`; `text` is left with what stands behind it.
std::string_view take_until(std::string_view& text, char mark) noexcept;

/// An ASCII letter in lower case, every other byte as it is.
constexpr char ascii_lower_character(char character) noexcept {
  return character >= 'A' && character <= 'Z' ? static_cast<char>(character - 'A' + 'a')
                                              : character;
}

constexpr bool is_digit(char character) noexcept {
  return character >= '0' && character <= '9';
}

/// Whether it is an ASCII letter.
constexpr bool is_letter(char character) noexcept {
  const char lower = ascii_lower_character(character);
  return lower >= 'a' && lower <= 'z';
}

constexpr bool is_letter_or_digit(char character) noexcept {
  return is_letter(character) || is_digit(character);
}

/// Whether `text` is one digit or more, and nothing else.
bool has_only_digits(std::string_view text) noexcept;

/// The number that the digits of `text` spell; nothing for any other text, none at all and a sign
/// included, and for a number that a `Number` cannot hold.
template <std::unsigned_integral Number>
std::optional<Number> parse_number(std::string_view text, int base = 10) noexcept {
  Number number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, number, base);
  return fault == std::errc() && stop == end ? std::optional(number) : std::nullopt;
}

/// ASCII letters in lower case, every other byte as it is: what names are compared by.
std::string ascii_lower(std::string_view text);

/// The items, with `separator` between them.
std::string joined(const std::vector<std::string>& items, std::string_view separator = ", ");

/// The number of code points, or nothing when `text` is not valid UTF-8 (RFC 3629: no surrogates,
/// no overlong forms, at most U+10FFFF).
std::optional<std::size_t> utf8_length(std::string_view text) noexcept;

bool is_ascii(std::string_view text) noexcept;

/// Whether `text` holds a byte below 0x20 or 0x7f.
bool has_control_characters(std::string_view text) noexcept;

}  // namespace ginnel
