// SPDX-License-Identifier: MIT
#include "client/shown_text.h"

#include <clocale>
#include <cwchar>
#include <locale.h>
#include <optional>

#include <fmt/format.h>

#include "base/utf8.h"
#include "domain/visible_text.h"

namespace ginnel::client {
namespace {

constexpr std::string_view kEllipsis = "\u2026";

bool is_control(char32_t point) noexcept {
  return point < 0x20 || (point >= 0x7f && point < 0xa0);
}

/// Unicode's signs for the direction of writing, and its two that end lines.
bool turns_the_line(char32_t point) noexcept {
  return point == 0x200e || point == 0x200f || point == 0x061c ||
         (point >= 0x2028 && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
}

std::string escape_of(char32_t point) {
  switch (point) {
    case '\t':
      return "\\t";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    default:
      return fmt::format("\\u{:04x}", static_cast<unsigned>(point));
  }
}

std::size_t columns_of(char32_t point) noexcept {
  static const locale_t kUtf8 = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  const locale_t before = ::uselocale(kUtf8);
  const int columns = ::wcwidth(static_cast<wchar_t>(point));
  ::uselocale(before);
  return columns < 0 ? 1 : static_cast<std::size_t>(columns);
}

}  // namespace

std::string printable_text(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const std::string_view before = text;
    const char32_t point = take_code_point(text).value_or(kReplacementCharacter);
    if (point == kReplacementCharacter) {
      shown += "\ufffd";
    } else if (is_control(point) || turns_the_line(point)) {
      shown += escape_of(point);
    } else {
      shown += before.substr(0, before.size() - text.size());
    }
  }
  return shown;
}

std::string isolated(std::string text) {
  constexpr std::string_view kFirstStrongIsolate = "\u2068";
  constexpr std::string_view kPopIsolate = "\u2069";
  if (!domain::has_right_to_left(text)) {
    return text;
  }
  return std::string(kFirstStrongIsolate).append(text).append(kPopIsolate);
}

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    columns += columns_of(take_code_point(text).value_or(kReplacementCharacter));
  }
  return columns;
}

std::string cut_to(std::string_view text, std::size_t columns) {
  if (columns_of(text) <= columns) {
    return std::string(text);
  }
  if (columns == 0) {
    return {};
  }
  std::string_view rest = text;
  std::size_t taken = 0;
  std::size_t length = 0;
  while (!rest.empty()) {
    taken += columns_of(take_code_point(rest).value_or(kReplacementCharacter));
    if (taken > columns - 1) {
      break;
    }
    length = text.size() - rest.size();
  }
  return std::string(text.substr(0, length)).append(kEllipsis);
}

std::string cell_text(std::string_view text) {
  std::string cell;
  for (const char character : text) {
    const bool is_special =
        character == '\t' || character == '\n' || character == '\r' || character == '\\';
    if (is_special) {
      cell += character == '\\' ? "\\\\" : escape_of(static_cast<unsigned char>(character));
    } else {
      cell += character;
    }
  }
  return cell;
}

}  // namespace ginnel::client
