// SPDX-License-Identifier: MIT
#include "http/host_field.h"

#include <algorithm>
#include <cstdint>

#include "base/ip_address.h"
#include "base/text.h"

namespace ginnel::http {
namespace {

bool is_name_character(char c) noexcept {
  return is_letter_or_digit(c) || c == '-' || c == '.' || c == '_';
}

/// What follows the host: nothing, a colon, or a colon and a number that a port can have.
bool is_port_part(std::string_view text) noexcept {
  return text.empty() || text == ":" ||
         (text.front() == ':' && parse_number<std::uint16_t>(text.substr(1)));
}

}  // namespace

bool is_host_field(std::string_view value) noexcept {
  if (!value.starts_with('[')) {
    const std::string_view host = value.substr(0, value.find(':'));
    return std::all_of(host.begin(), host.end(), is_name_character) &&
           (value.empty() || !host.empty()) && is_port_part(value.substr(host.size()));
  }
  const auto closing = value.find(']');
  if (closing == std::string_view::npos) {
    return false;
  }
  const auto address = value.substr(1, closing - 1);
  return address.find(':') != std::string_view::npos && parse_ip_address(address).has_value() &&
         is_port_part(value.substr(closing + 1));
}

}  // namespace ginnel::http
