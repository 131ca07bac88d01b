// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace ginnel::domain {

/// An instant in UTC, to the microsecond.
using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;

/// The wall clock now.
Timestamp now() noexcept;

/// `2025-07-13T12:40:57`, or `2026-11-24T00:21:23.681306` when the microseconds are not zero:
/// the API's form, naive UTC without a zone (docs/api.md).
std::string to_text(Timestamp at);

/// Reads `2025-07-13 12:40:57` or `2025-07-13T12:40:57`, with an optional fraction of 1 to 6
/// digits. Years 0001 to 9999; a date that does not exist, a zone or anything else is nothing.
std::optional<Timestamp> parse_timestamp(std::string_view text) noexcept;

}  // namespace ginnel::domain
