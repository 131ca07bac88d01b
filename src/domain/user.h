// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
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

/// Somebody who owns links. Names are unique by username_key, addresses by email_key, in every
/// store.
struct User {
  UserId id;
  std::string username;  ///< trimmed
  std::string email;     ///< trimmed
  Timestamp created_at;

  /// Of its texts together: what a page of rows is bounded by.
  std::size_t text_bytes() const noexcept { return username.size() + email.size(); }

  friend bool operator==(const User&, const User&) = default;
};

/// The metadata of a user who has none.
inline constexpr const char* kNoMetadata = "{}";

/// A user with the metadata that a client keeps with it: all that the audit trail keeps of one.
struct UserRecord {
  User user;
  std::string metadata = kNoMetadata;  ///< a JSON object, as the text that was sent

  friend bool operator==(const UserRecord&, const UserRecord&) = default;
};

/// A user with the metadata and what the user's links came to.
struct UserProfile {
  UserRecord record;
  std::uint64_t links = 0;   ///< that there are
  std::uint64_t clicks = 0;  ///< on them, and on those that are gone

  /// When the newest of the user's events happened, clicks among them; empty when there is none.
  std::optional<Timestamp> last_activity;
};

/// A user that does not exist yet.
struct UserDraft {
  std::string username;
  std::string email;
  std::string metadata = kNoMetadata;
};

/// The user that a draft makes at this time, texts trimmed; it has no number yet.
UserRecord record_of(const UserDraft& draft, Timestamp at);

/// What to change of a user; what is empty stays.
struct UserChange {
  std::optional<std::string> username;
  std::optional<std::string> email;
  std::optional<std::string> metadata = std::nullopt;  ///< the whole object
};

/// The fault of a new username, or nothing: beside what a kept one must be, it shows something
/// (has_visible_sign), holds no control character (has_control_sign) and does not turn the
/// direction of writing (find_direction_sign). It is asked without_invisible_ends, as it is to be
/// stored. Messages are the contract's.
std::optional<FieldFault> username_fault(std::string_view username);

/// The fault of a new e-mail address, or nothing: beside what a kept one must be, it does not begin
/// with `mailto:`, every label of its host shows something, and no sign in it is a control
/// character or turns the direction of writing. It is asked without_invisible_ends.
std::optional<FieldFault> email_fault(std::string_view email);

/// Whether a new user may have this name and would have it as it stands, nothing of it trimmed.
bool is_todays_username(std::string_view username);

/// The same of an address.
bool is_todays_email(std::string_view email);

/// The fault of the username of a row that was a user already, in an export or another database, or
/// nothing: not blank, at most kMaxUsernameLength, valid UTF-8 without ASCII's control characters.
std::optional<FieldFault> kept_username_fault(std::string_view username);

/// The same of its address: `x@y.z` without white space or ASCII's control characters, at most
/// kMaxEmailLength. Deliberately loose: only a sent message proves an address.
std::optional<FieldFault> kept_email_fault(std::string_view email);

/// What makes a username unique: without_invisible_ends, in one case and composition (folded).
std::string username_key(std::string_view username);

/// What did before: trimmed, ASCII letters in lower case. Names with the same have the same
/// username_key, and rows of that time may differ by this alone.
std::string old_username_key(std::string_view username);

/// What makes an address unique: trimmed, ASCII letters in lower case.
std::string email_key(std::string_view email);

/// The fault of a user's metadata, or nothing: see kept_object_fault.
std::optional<FieldFault> metadata_fault(std::string_view metadata);

}  // namespace ginnel::domain
