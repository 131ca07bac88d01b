// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <cstdint>

namespace ginnel::domain {

/// A row's number, of one kind of row: a UserId is not a LinkId.
///
/// Numbers begin at 1, are given once and never again, and stay at or below `kMaxId`.
template <class Tag>
struct Id {
  std::int64_t value = 0;

  friend auto operator<=>(const Id&, const Id&) = default;
};

using UserId = Id<struct UserTag>;
using LinkId = Id<struct LinkTag>;
using EventId = Id<struct EventTag>;  ///< events and clicks share one sequence
using AuditId = Id<struct AuditTag>;

/// The largest number every JSON reader keeps exactly: 2^53 - 1 (RFC 8259 section 6).
inline constexpr std::int64_t kMaxId = 9'007'199'254'740'991;

}  // namespace ginnel::domain
