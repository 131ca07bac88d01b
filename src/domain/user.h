// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "domain/ids.h"
#include "domain/timestamp.h"

namespace ginnel::domain {

inline constexpr std::size_t kMaxUsernameLength = 150;  ///< characters (code points)
inline constexpr std::size_t kMaxEmailLength = 254;     ///< characters (RFC 5321 4.5.3.1.3)

/// Somebody who owns links. Names and addresses are unique by ASCII case folding of the trimmed
/// text, in every store.
struct User {
  UserId id;
  std::string username;  ///< trimmed
  std::string email;     ///< trimmed
  Timestamp created_at;

  friend bool operator==(const User&, const User&) = default;
};

/// A user that does not exist yet.
struct UserDraft {
  std::string username;
  std::string email;
};

/// What to change of a user; what is empty stays.
struct UserChange {
  std::optional<std::string> username;
  std::optional<std::string> email;
};

/// The fault of a username, or nothing: not blank, at most kMaxUsernameLength, valid UTF-8 without
/// control characters. Messages are the contract's.
std::optional<FieldFault> username_fault(std::string_view username);

/// The fault of an e-mail address, or nothing: `x@y.z` without white space or control characters,
/// at most kMaxEmailLength. Deliberately loose: only a sent message proves an address.
std::optional<FieldFault> email_fault(std::string_view email);

}  // namespace ginnel::domain
