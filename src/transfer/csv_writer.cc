// SPDX-License-Identifier: MIT
#include "transfer/csv_writer.h"

namespace ginnel::transfer {
namespace {

bool needs_quotes(std::string_view cell) noexcept {
  return cell.find_first_of(",\"\r\n") != std::string_view::npos || cell.starts_with(' ') ||
         cell.ends_with(' ');
}

}  // namespace

void append_csv_cell(std::string& out, std::string_view cell) {
  if (!needs_quotes(cell)) {
    out += cell;
    return;
  }
  out += '"';
  for (const char character : cell) {
    out.append(character == '"' ? 2 : 1, character);
  }
  out += '"';
}

std::string spreadsheet_safe(std::string_view cell) {
  constexpr std::string_view kFormulaBegins = "=+-@\t\r\n";
  const bool is_formula =
      !cell.empty() && kFormulaBegins.find(cell.front()) != std::string_view::npos;
  return (is_formula ? "'" : "") + std::string(cell);
}

void append_csv_line(std::string& out, std::span<const std::string_view> cells) {
  std::string_view divider;
  for (const auto cell : cells) {
    out += divider;
    append_csv_cell(out, cell);
    divider = ",";
  }
  out += '\n';
}

}  // namespace ginnel::transfer
