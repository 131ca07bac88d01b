// SPDX-License-Identifier: MIT
#include "client/rows.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>

#include "base/json_text.h"
#include "client/shown_text.h"

namespace ginnel::client {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kNarrowest = 8;

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& character : result) {
    character =
        character >= 'a' && character <= 'z' ? static_cast<char>(character - 'a' + 'A') : character;
  }
  return result;
}

std::string shown(const boost::json::object& row, const Column& column, Format format) {
  std::string text = text_at(row, column.key);
  if (column.kind == Column::Kind::kState) {
    text = text == "true" ? "active" : "disabled";
  }
  return format == Format::kTable ? printable_text(text) : cell_text(text);
}

std::vector<std::string> cells_of(const boost::json::object& row,
                                  const std::vector<Column>& columns,
                                  Format format) {
  std::vector<std::string> cells;
  cells.reserve(columns.size());
  for (const Column& column : columns) {
    cells.push_back(shown(row, column, format));
  }
  return cells;
}

std::string with_tabs(const std::vector<std::string>& cells) {
  std::string line;
  for (const std::string& cell : cells) {
    line.append(cell).append("\t");
  }
  line.back() = '\n';
  return line;
}

std::size_t total_of(const std::vector<std::size_t>& widths) {
  const std::size_t gaps = widths.empty() ? 0 : kGap * (widths.size() - 1);
  return std::accumulate(widths.begin(), widths.end(), gaps);
}

/// How wide columns are when nothing is cut.
std::vector<std::size_t> natural_widths(const std::vector<Column>& columns,
                                        const std::vector<std::vector<std::string>>& lines) {
  std::vector<std::size_t> widths(columns.size());
  std::ranges::transform(
      columns, widths.begin(), [](const Column& column) { return column.title.size(); });
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      widths[i] = std::max(widths[i], columns_of(line[i]));
    }
  }
  return widths;
}

std::string padding(std::string_view text, std::size_t width) {
  return std::string(width - std::min(width, columns_of(text)), ' ');
}

}  // namespace

std::string text_at(const boost::json::object& row, std::string_view key) {
  const auto* const value = row.if_contains(key);
  if (value == nullptr || value->is_null()) {
    return {};
  }
  return value->is_string() ? std::string(value->get_string()) : boost::json::serialize(*value);
}

std::int64_t number_at(const boost::json::object& row, std::string_view key) {
  const auto* const value = row.if_contains(key);
  const auto* const number = value != nullptr ? value->if_int64() : nullptr;
  return number != nullptr ? *number : 0;
}

std::vector<std::size_t> fitted_widths(const std::vector<Column>& columns,
                                       std::vector<std::size_t> natural,
                                       std::size_t width) {
  while (total_of(natural) > width) {
    auto widest = natural.end();
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const bool may_lose = columns[i].kind == Column::Kind::kLongText && natural[i] > kNarrowest;
      if (may_lose && (widest == natural.end() || natural[i] > *widest)) {
        widest = natural.begin() + static_cast<std::ptrdiff_t>(i);
      }
    }
    if (widest == natural.end()) {
      break;
    }
    --*widest;
  }
  return natural;
}

void RowWriter::begin(const std::vector<std::vector<std::string>>& cells) {
  widths_ = fitted_widths(columns_, natural_widths(columns_, cells), console_.width);
  std::vector<std::string> head;
  for (const Column& column : columns_) {
    head.push_back(upper(column.title));
  }
  write_line(head);
}

bool RowWriter::fits(const std::vector<std::vector<std::string>>& lines) const {
  return total_of(fitted_widths(columns_, natural_widths(columns_, lines), console_.width)) <=
         console_.width;
}

void RowWriter::write_line(const std::vector<std::string>& cells) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const bool is_long = columns_[i].kind == Column::Kind::kLongText;
    std::string cell = is_long ? cut_to(cells[i], widths_[i]) : cells[i];
    const std::string pad = padding(cell, widths_[i]);
    cell = isolated(std::move(cell));
    const bool is_last = i + 1 == cells.size();
    line += columns_[i].kind == Column::Kind::kNumber ? pad + cell : cell + (is_last ? "" : pad);
    line += is_last ? "\n" : "  ";
  }
  console_.out << line;
}

void RowWriter::add_documents(const boost::json::array& rows) {
  for (const auto& row : rows) {
    console_.out << (is_begun_ ? "," : "[") << ascii_json(boost::json::serialize(row));
    is_begun_ = true;
  }
}

void RowWriter::add_lines(const std::vector<std::vector<std::string>>& lines) {
  if (console_.format == Format::kTabs) {
    for (const auto& line : lines) {
      console_.out << with_tabs(line);
    }
    return;
  }
  if (!is_begun_ && !lines.empty()) {
    begin(lines);
    is_begun_ = true;
  }
  for (const auto& line : lines) {
    write_line(line);
  }
}

std::vector<std::vector<std::string>> RowWriter::lines_of(const boost::json::array& rows) const {
  std::vector<std::vector<std::string>> lines;
  for (const auto& row : rows) {
    if (const auto* const object = row.if_object()) {
      lines.push_back(cells_of(*object, columns_, console_.format));
    }
  }
  return lines;
}

void RowWriter::add(const boost::json::array& rows) {
  if (console_.format == Format::kJson) {
    add_documents(rows);
    return;
  }
  auto lines = lines_of(rows);
  if (console_.format == Format::kTable && !is_begun_ && !fits(lines)) {
    std::erase_if(columns_, [](const Column& column) { return column.is_spare; });
    lines = lines_of(rows);
  }
  add_lines(lines);
}

void RowWriter::end() {
  if (console_.format == Format::kJson) {
    console_.out << (is_begun_ ? "]\n" : "[]\n");
  }
  console_.out << std::flush;
}

void write_row(const Console& console,
               const std::vector<Column>& columns,
               const boost::json::value& row) {
  const auto* const object = row.if_object();
  if (console.format == Format::kJson || object == nullptr) {
    console.out << ascii_json(boost::json::serialize(row)) << '\n';
    return;
  }
  std::size_t width = 0;
  for (const Column& column : columns) {
    width = std::max(width, column.title.size());
  }
  const bool is_table = console.format == Format::kTable;
  for (const Column& column : columns) {
    std::string text = shown(*object, column, console.format);
    console.out << column.title
                << (is_table ? padding(column.title, width + kGap) : std::string("\t"))
                << (is_table ? isolated(std::move(text)) : text) << '\n';
  }
}

}  // namespace ginnel::client
