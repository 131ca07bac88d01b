// SPDX-License-Identifier: MIT
#include "client/rows.h"

#include <algorithm>
#include <locale>
#include <numeric>
#include <utility>

#include <boost/algorithm/string/case_conv.hpp>

#include "base/json_text.h"
#include "client/server.h"
#include "client/shown_text.h"

namespace ginnel::client {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kNarrowest = 8;

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

/// Finds the widths, without the spare columns where there is no room for them, and writes the
/// head.
void RowWriter::begin(const boost::json::array& rows) {
  const auto fit = [&] {
    const auto natural = natural_widths(columns_, lines_of(rows));
    widths_ = fitted_widths(columns_, natural, console_.width);
  };
  fit();
  if (total_of(widths_) > console_.width) {
    std::erase_if(columns_, [](const Column& column) { return column.is_spare; });
    fit();
  }
  std::vector<std::string> head;
  for (const Column& column : columns_) {
    head.push_back(boost::to_upper_copy(std::string(column.title), std::locale::classic()));
  }
  write_line(head);
  is_begun_ = true;
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
  const bool is_table = console_.format == Format::kTable;
  if (is_table && !is_begun_ && !rows.empty()) {
    begin(rows);
  }
  for (const auto& line : lines_of(rows)) {
    if (is_table) {
      write_line(line);
    } else {
      console_.out << with_tabs(line);
    }
  }
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

void tell(const Console& console, const boost::json::value& document, const std::string& sentence) {
  if (console.format == Format::kJson) {
    write_row(console, {}, document);
  } else {
    console.out << sentence << '\n';
  }
}

}  // namespace ginnel::client
