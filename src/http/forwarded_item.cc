// SPDX-License-Identifier: MIT
#include "http/forwarded_item.h"

#include <algorithm>

#include "base/text.h"
#include "http/request.h"

namespace ginnel::http {
namespace {

/// Whether an odd number of `\` stands before `place`.
bool is_literal(std::string_view text, std::size_t place) noexcept {
  const auto before = text.substr(0, place);
  const auto last = before.find_last_not_of('\\');
  return (before.size() - (last + 1)) % 2 != 0;  // npos + 1 is 0
}

bool is_between(std::string_view text, char begin, char end) noexcept {
  return text.size() >= 2 && text.front() == begin && text.back() == end;
}

std::string_view without(std::string_view text, char begin, char end) noexcept {
  return is_between(text, begin, end) ? text.substr(1, text.size() - 2) : text;
}

bool is_hidden_name_character(char character) noexcept {
  return is_letter_or_digit(character) || character == '.' || character == '_' || character == '-';
}

/// RFC 7239 section 6: a number, or a name in its place.
bool is_port(std::string_view text) noexcept {
  constexpr std::size_t kMostDigits = 5;
  if (text.starts_with('_')) {
    return std::ranges::all_of(text, is_hidden_name_character);
  }
  return !text.empty() && text.size() <= kMostDigits && std::ranges::all_of(text, is_digit);
}

std::optional<IpAddress> address_without_port(std::string_view text) noexcept {
  text = without(text, '[', ']');
  const bool may_have_zone = text.find(':') != std::string_view::npos;
  return parse_ip_address(may_have_zone ? text.substr(0, text.find('%')) : text);
}

}  // namespace

std::string_view take_last(std::string_view& list, char separator) noexcept {
  bool quoted = false;
  std::size_t begin = list.size();
  for (; begin > 0; --begin) {
    const char character = list[begin - 1];
    if (character == '"') {
      quoted = !quoted || is_literal(list, begin - 1);
    } else if (character == separator && !quoted) {
      break;
    }
  }
  const std::string_view item = list.substr(begin);
  list = list.substr(0, std::max<std::size_t>(begin, 1) - 1);
  return trimmed(item);
}

std::optional<IpAddress> address_in_item(std::string_view item) noexcept {
  item = without(item, '"', '"');
  item = without(item, '[', ']');  // some put the port into the brackets too
  if (const auto address = address_without_port(item)) {
    return address;
  }
  const auto colon = item.rfind(':');
  if (colon == std::string_view::npos || !is_port(item.substr(colon + 1))) {
    return std::nullopt;
  }
  return address_without_port(item.substr(0, colon));
}

std::optional<IpAddress> address_in_element(std::string_view element) noexcept {
  std::optional<std::string_view> node;
  while (!element.empty()) {
    const std::string_view pair = take_last(element, ';');
    const auto equals = std::min(pair.find('='), pair.size());
    if (!same_field_name(trimmed(pair.substr(0, equals)), "for")) {
      continue;
    }
    if (node) {
      return std::nullopt;
    }
    node = trimmed(pair.substr(std::min(equals + 1, pair.size())));
  }
  return node ? address_in_item(*node) : std::nullopt;
}

}  // namespace ginnel::http
