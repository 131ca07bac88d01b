// SPDX-License-Identifier: MIT
#include "transfer/import_rows.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace ginnel::transfer {

std::span<const std::string> ImportRows::header() const noexcept {
  return parser_ ? std::span<const std::string>(parser_->header()) : std::span<const std::string>();
}

/// The next record that says anything.
Result<std::optional<CsvRecord>> ImportRows::next_record() {
  const auto is_empty = [](std::string_view cell) { return trimmed(cell).empty(); };
  while (true) {
    auto record = reader_.next();
    if (!record || !record->has_value() || !(*record)->fault.empty() ||
        !std::ranges::all_of((*record)->cells, is_empty)) {
      return record;
    }
  }
}

Result<Done> ImportRows::read_header() {
  auto record = next_record();
  if (!record) {
    return std::move(record).error();
  }
  if (!record->has_value()) {
    return Error(ErrorKind::kInvalid, "the file is empty: its first line must name the columns");
  }
  const std::string where = "line " + std::to_string((*record)->line) + ": ";
  if (!(*record)->fault.empty()) {
    return Error(ErrorKind::kInvalid, where + "the header " + std::string((*record)->fault));
  }
  auto parser = RowParser::from_header(kind_, (*record)->cells, targets_);
  if (!parser) {
    return Error(parser.error().kind, where + parser.error().message);
  }
  parser_.emplace(std::move(*parser));
  return Done{};
}

Result<NumberedRow*> ImportRows::next() {
  if (!parser_) {
    if (auto header = read_header(); !header) {
      return std::move(header).error();
    }
  }
  auto record = next_record();
  if (!record) {
    return std::move(record).error();
  }
  if (!record->has_value()) {
    return static_cast<NumberedRow*>(nullptr);
  }
  current_.line = (*record)->line;
  current_.cells = (*record)->cells;
  current_.row = parse(**record);
  return &current_;
}

Result<change::ImportRow> ImportRows::parse(const CsvRecord& record) const {
  if (!record.fault.empty()) {
    return Error(ErrorKind::kInvalid, std::string(record.fault));
  }
  return parser_->parse(record.cells);
}

}  // namespace ginnel::transfer
