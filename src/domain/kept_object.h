// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ginnel::domain {

/// A field whose value is a JSON object of the client's own, kept as the text that was sent.
struct KeptObject {
  std::string_view field;
  std::size_t max_bytes = 0;  ///< of JSON text
};

inline constexpr KeptObject kEventDetails = {"details", 65'536};
inline constexpr KeptObject kUserMetadata = {"metadata", 16'384};

/// How deep objects and arrays of a kept object may lie in each other, the outermost counted.
inline constexpr std::size_t kMaxKeptObjectDepth = 64;

/// Why `text` cannot be the value of `kind`, or nothing.
///
/// It must be one JSON object (RFC 8259) in UTF-8 of at most `max_bytes`, at most
/// kMaxKeptObjectDepth deep. Refused although the grammar allows them: numbers that a double
/// cannot hold (1e400), U+0000 and lone surrogates in texts and keys, for some reader of an export
/// stumbles over each. Keys may repeat: the text is kept as it was sent.
///
/// The fault begins with its place, as in `details.items[2].price is a number ...`;
/// when the whole is at fault it is one of the contract's messages.
std::optional<std::string> kept_object_fault(std::string_view text, const KeptObject& kind);

}  // namespace ginnel::domain
