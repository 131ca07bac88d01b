// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

#include "domain/timestamp.h"

namespace ginnel::domain {

/// A time as others write it.
struct ForeignTime {
  Timestamp at;           ///< in UTC; what has no zone is read as if it were UTC
  bool has_zone = false;  ///< `Z` or an offset stood behind it
};

/// Reads what parse_timestamp does and, behind it, a zone: `Z`, `UTC`, or an offset as `+02:00`,
/// `+0200`, `+02` (RFC 3339, ISO 8601; a space may stand before it). The digits of a fraction
/// beyond six are dropped. Nothing for anything else, and for what leaves the years 0001 to 9999.
std::optional<ForeignTime> parse_foreign_time(std::string_view text);

}  // namespace ginnel::domain
