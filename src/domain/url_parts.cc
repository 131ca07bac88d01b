// SPDX-License-Identifier: MIT
#include "domain/url_parts.h"

#include <algorithm>

#include "base/text.h"

namespace ginnel::domain {
namespace {

bool is_scheme_character(char character) noexcept {
  return is_letter_or_digit(character) || character == '+' || character == '-' || character == '.';
}

bool is_scheme(std::string_view text) noexcept {
  return !text.empty() && is_letter(text.front()) && std::ranges::all_of(text, is_scheme_character);
}

}  // namespace

UrlParts split_url(std::string_view text) noexcept {
  const auto colon = text.find(':');
  UrlParts parts;
  parts.rest = text;
  if (colon == std::string_view::npos || !is_scheme(text.substr(0, colon))) {
    return parts;
  }
  parts.scheme = text.substr(0, colon);
  parts.rest.remove_prefix(colon + 1);
  if (parts.rest.starts_with("//")) {
    parts.rest.remove_prefix(2);
    const auto end = std::min(parts.rest.find_first_of("/?#"), parts.rest.size());
    parts.authority = parts.rest.substr(0, end);
    parts.rest.remove_prefix(end);
  }
  return parts;
}

Authority split_authority(std::string_view authority) noexcept {
  Authority parts;
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
    parts.user = authority.substr(0, at);
    authority.remove_prefix(at + 1);
  }
  const auto bracket = authority.starts_with('[') ? authority.find(']') : 0;
  const auto colon = authority.find(':', std::min(bracket, authority.size()));
  parts.host = authority.substr(0, colon);
  if (colon != std::string_view::npos) {
    parts.port = authority.substr(colon + 1);
  }
  return parts;
}

}  // namespace ginnel::domain
