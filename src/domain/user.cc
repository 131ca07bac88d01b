// SPDX-License-Identifier: MIT
#include "domain/user.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "base/utf8.h"
#include "domain/kept_object.h"

namespace ginnel::domain {
namespace {

/// White space outside ASCII (Unicode's White_Space property) and inside it.
constexpr bool is_white_space(char32_t point) noexcept {
  constexpr char32_t kSpaces[] = {0x20, 0x85, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000};
  return (point >= 0x09 && point <= 0x0d) || (point >= 0x2000 && point <= 0x200a) ||
         std::ranges::find(kSpaces, point) != std::ranges::end(kSpaces);
}

/// How many code points of `text`, which is valid UTF-8, are white space.
std::size_t count_white_space(std::string_view text) noexcept {
  std::size_t count = 0;
  while (!text.empty()) {
    count += is_white_space(take_code_point(text).value_or(kReplacementCharacter)) ? 1 : 0;
  }
  return count;
}

/// The contract's pattern: something, one `@`, something with a dot inside.
bool has_address_form(std::string_view email) noexcept {
  const auto at = email.find('@');
  if (at == std::string_view::npos || at == 0) {
    return false;
  }
  const auto host = email.substr(at + 1);
  if (host.size() < 3 || host.find('@') != std::string_view::npos) {
    return false;
  }
  return host.substr(1, host.size() - 2).find('.') != std::string_view::npos;
}

bool is_email(std::string_view email) noexcept {
  const auto length = utf8_length(email);
  return length && *length <= kMaxEmailLength && !has_control_characters(email) &&
         count_white_space(email) == 0 && has_address_form(email);
}

FieldFault fault_of_username(std::string message) {
  return FieldFault{"username", std::move(message)};
}

}  // namespace

std::optional<FieldFault> username_fault(std::string_view username) {
  const auto name = trimmed(username);
  const auto length = utf8_length(name);
  if (!length) {
    return fault_of_username("Username must be valid UTF-8");
  }
  if (count_white_space(name) == *length) {
    return fault_of_username("Username must be a non-empty string");
  }
  if (has_control_characters(name)) {
    return fault_of_username("Username must not contain control characters");
  }
  if (*length > kMaxUsernameLength) {
    return fault_of_username("Username must not exceed 150 characters");
  }
  return std::nullopt;
}

std::optional<FieldFault> email_fault(std::string_view email) {
  if (!is_email(trimmed(email))) {
    return FieldFault{"email", "Email must be a valid email address"};
  }
  return std::nullopt;
}

std::optional<FieldFault> metadata_fault(std::string_view metadata) {
  if (auto fault = kept_object_fault(metadata, kUserMetadata)) {
    return FieldFault{"metadata", std::move(*fault)};
  }
  return std::nullopt;
}

}  // namespace ginnel::domain
