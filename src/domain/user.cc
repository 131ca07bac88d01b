// SPDX-License-Identifier: MIT
#include "domain/user.h"

#include <utility>

#include "base/text.h"
#include "base/utf8.h"
#include "domain/kept_object.h"
#include "domain/visible_text.h"

namespace ginnel::domain {
namespace {

constexpr std::string_view kControlCharacters = "Username must not contain control characters";

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

/// What a copied address may begin with.
bool is_mailto(std::string_view email) {
  constexpr std::string_view kScheme = "mailto:";
  return ascii_lower(email.substr(0, kScheme.size())) == kScheme;
}

/// What divides the labels of a host (UTS #46, section 2.3).
constexpr bool is_full_stop(char32_t sign) noexcept {
  return sign == '.' || sign == 0x3002 || sign == 0xff0e || sign == 0xff61;
}

/// Whether nothing is to be seen between two full stops, or one and an end, of the host of `email`:
/// whoever sends to it leaves out what Unicode says to ignore.
bool has_empty_label(std::string_view email) {
  std::string_view label = email.substr(email.find('@') + 1);
  for (std::string_view rest = label; !rest.empty();) {
    const std::size_t length = label.size() - rest.size();
    if (is_full_stop(take_code_point(rest).value_or(kReplacementCharacter))) {
      if (!has_visible_sign(label.substr(0, length))) {
        return true;
      }
      label = rest;
    }
  }
  return !has_visible_sign(label);
}

/// Whether nothing of `text` would be trimmed.
bool is_whole(std::string_view text) {
  return without_invisible_ends(text).size() == text.size();
}

/// `U+202E`, of a sign below U+10000.
std::string name_of(char32_t sign) {
  std::string name = "U+";
  for (int shift = 12; shift >= 0; shift -= 4) {
    name += "0123456789ABCDEF"[(sign >> shift) & 0xf];
  }
  return name;
}

FieldFault fault_of_username(std::string message) {
  return FieldFault{"username", std::move(message)};
}

FieldFault fault_of_email() {
  return FieldFault{"email", "Email must be a valid email address"};
}

}  // namespace

std::optional<FieldFault> username_fault(std::string_view username) {
  const auto name = without_invisible_ends(username);
  if (auto fault = kept_username_fault(name.empty() ? trimmed(username) : name)) {
    return fault;
  }
  if (has_control_sign(name)) {
    return fault_of_username(std::string(kControlCharacters));
  }
  if (!has_visible_sign(name)) {
    return fault_of_username("Username must have a visible character");
  }
  if (const auto sign = find_direction_sign(name)) {
    return fault_of_username("Username must not contain " + name_of(*sign) +
                             ", which turns the direction of writing");
  }
  return std::nullopt;
}

std::optional<FieldFault> email_fault(std::string_view email) {
  const auto address = without_invisible_ends(email);
  if (auto fault = kept_email_fault(address)) {
    return fault;
  }
  if (is_mailto(address) || has_empty_label(address) || has_control_sign(address) ||
      find_direction_sign(address)) {
    return fault_of_email();
  }
  return std::nullopt;
}

bool is_todays_username(std::string_view username) {
  return !username_fault(username) && is_whole(username);
}

bool is_todays_email(std::string_view email) {
  return !email_fault(email) && is_whole(email);
}

std::optional<FieldFault> kept_username_fault(std::string_view username) {
  const auto name = trimmed(username);
  const auto length = utf8_length(name);
  if (!length) {
    return fault_of_username("Username must be valid UTF-8");
  }
  if (count_white_space(name) == *length) {
    return fault_of_username("Username must be a non-empty string");
  }
  if (has_control_characters(name)) {
    return fault_of_username(std::string(kControlCharacters));
  }
  if (*length > kMaxUsernameLength) {
    return fault_of_username("Username must not exceed 150 characters");
  }
  return std::nullopt;
}

std::optional<FieldFault> kept_email_fault(std::string_view email) {
  return is_email(trimmed(email)) ? std::nullopt : std::optional(fault_of_email());
}

UserRecord record_of(const UserDraft& draft, Timestamp at) {
  UserRecord record;
  record.user.username = trimmed(draft.username);
  record.user.email = trimmed(draft.email);
  record.user.created_at = at;
  record.metadata = draft.metadata;
  return record;
}

std::string username_key(std::string_view username) {
  return folded(without_invisible_ends(username));
}

std::string old_username_key(std::string_view username) {
  return ascii_lower(trimmed(username));
}

std::string email_key(std::string_view email) {
  return ascii_lower(trimmed(email));
}

std::optional<FieldFault> metadata_fault(std::string_view metadata) {
  if (auto fault = kept_object_fault(metadata, kUserMetadata)) {
    return FieldFault{"metadata", std::move(*fault)};
  }
  return std::nullopt;
}

}  // namespace ginnel::domain
