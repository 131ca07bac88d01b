// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ginnel::client {

/// `text` (UTF-8) as a terminal may be sent it: control characters, those that turn the direction
/// of writing and invalid bytes stand as `\n`, `\u001b`; otherwise a title could move the cursor.
std::string printable_text(std::string_view text);

/// `text`, which is printable, set apart for a terminal that orders by direction: letters that are
/// written from right to left turn nothing beside them. It takes the same columns.
std::string isolated(std::string text);

/// How many columns of a terminal `text`, which is printable, takes: none for a combining
/// character, two for a wide one (wcwidth of the C library).
std::size_t columns_of(std::string_view text);

/// `text` cut to at most `columns`, with `…` in the place of what is cut.
std::string cut_to(std::string_view text, std::size_t columns);

/// `text` as one cell of a line with tabs: tab, line feed, carriage return and backslash stand as
/// `\t`, `\n`, `\r` and `\\`; everything else as it is.
std::string cell_text(std::string_view text);

}  // namespace ginnel::client
