// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace ginnel::transfer {

/// Appends one cell (RFC 4180): in quotes, with quotes doubled, when it holds a comma, a quote or a
/// line end, or begins or ends with a space, which careless readers drop.
void append_csv_cell(std::string& out, std::string_view cell);

/// The cell, with an apostrophe in front when a spreadsheet would take it for a formula: when it
/// begins with = + - @ TAB CR or LF. A formula can send the rest of the sheet to a stranger
/// (https://owasp.org/www-community/attacks/CSV_Injection).
std::string spreadsheet_safe(std::string_view cell);

/// Appends a line of cells, ended by LF.
void append_csv_line(std::string& out, std::span<const std::string_view> cells);

}  // namespace ginnel::transfer
