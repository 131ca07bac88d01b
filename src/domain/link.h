// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "domain/ids.h"
#include "domain/short_code.h"
#include "domain/timestamp.h"

namespace ginnel::domain {

inline constexpr std::size_t kMaxTitleLength = 500;  ///< characters (code points)

/// A short code and where it leads.
struct Link {
  LinkId id;
  UserId user;         ///< the owner
  std::string code;    ///< checked when it was made; see ShortCode
  std::string target;  ///< as sent, trimmed; see TargetUrl
  std::string title;
  bool enabled = true;
  Timestamp created_at;
  Timestamp updated_at;
  std::int64_t version = 1;  ///< grows by one with every change

  /// Of its texts together: what a page of rows is bounded by.
  std::size_t text_bytes() const noexcept { return code.size() + target.size() + title.size(); }

  friend bool operator==(const Link&, const Link&) = default;
};

/// A link that does not exist yet. All texts are checked.
struct LinkDraft {
  UserId user;
  std::string code;
  std::string target;
  std::string title;
  bool chosen = false;  ///< a person chose the code; a random one is never given out twice
};

/// The link that a draft makes at this time; it has no number yet.
inline Link link_of(const LinkDraft& draft, Timestamp at) {
  Link link;
  link.user = draft.user;
  link.code = draft.code;
  link.target = draft.target;
  link.title = draft.title;
  link.created_at = at;
  link.updated_at = at;
  return link;
}

/// What to change of a link; what is empty stays. Even an empty change moves `updated_at`, raises
/// `version` and leaves an `updated` event: clients rely on it.
struct LinkChange {
  std::optional<std::string> target;
  std::optional<std::string> title;
  std::optional<bool> enabled;
};

}  // namespace ginnel::domain
