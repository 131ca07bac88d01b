// SPDX-License-Identifier: MIT
#include "base/text.h"

#include <algorithm>

#include "base/utf8.h"

namespace ginnel {
namespace {

constexpr std::string_view kAsciiWhiteSpace = " \t\n\v\f\r";

bool is_control(char character) noexcept {
  const auto byte = static_cast<unsigned char>(character);
  return byte < 0x20 || byte == 0x7f;
}

}  // namespace

std::string_view trimmed(std::string_view text) noexcept {
  const auto first = text.find_first_not_of(kAsciiWhiteSpace);
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(kAsciiWhiteSpace) - first + 1);
}

std::string_view take_until(std::string_view& text, char mark) noexcept {
  const std::string_view piece = text.substr(0, text.find(mark));
  text.remove_prefix(std::min(text.size(), piece.size() + 1));
  return piece;
}

bool has_only_digits(std::string_view text) noexcept {
  return !text.empty() && std::ranges::all_of(text, is_digit);
}

std::string ascii_lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), ascii_lower_character);
  return result;
}

std::string joined(const std::vector<std::string>& items, std::string_view separator) {
  std::string text;
  for (const std::string& item : items) {
    text.append(text.empty() ? "" : separator).append(item);
  }
  return text;
}

std::optional<std::size_t> utf8_length(std::string_view text) noexcept {
  std::size_t length = 0;
  while (!text.empty()) {
    if (!take_code_point(text)) {
      return std::nullopt;
    }
    ++length;
  }
  return length;
}

bool is_ascii(std::string_view text) noexcept {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool has_control_characters(std::string_view text) noexcept {
  return std::any_of(text.begin(), text.end(), is_control);
}

}  // namespace ginnel
