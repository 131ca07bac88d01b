// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ginnel::domain {

/// How deep objects and arrays of an event's details may lie in each other, the outermost counted.
inline constexpr std::size_t kMaxEventDetailsDepth = 64;

/// Why `text` cannot be the details of an event, or nothing.
///
/// It must be one JSON object (RFC 8259) in UTF-8 of at most kMaxEventDetailsBytes, at most
/// kMaxEventDetailsDepth deep. Refused although the grammar allows them: numbers that a double
/// cannot hold (1e400), U+0000 and lone surrogates in texts and keys, for some reader of an export
/// stumbles over each. Keys may repeat: the text is kept as it was sent.
///
/// The fault begins with its place, as in `details.items[2].price is a number ...`;
/// when the whole is at fault it is one of the contract's messages.
std::optional<std::string> event_details_fault(std::string_view text);

}  // namespace ginnel::domain
