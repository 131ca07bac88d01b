// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ginnel {

/// Appends `text` to `out`, each byte that `is_unsafe` names as %XX with upper-case digits (RFC
/// 3986 section 2.1).
void append_percent_encoded(std::string& out, std::string_view text, bool (*is_unsafe)(char));

/// `text` with every %XX decoded; nothing when a `%` is not followed by two hex digits.
std::optional<std::string> percent_decoded(std::string_view text);

}  // namespace ginnel
