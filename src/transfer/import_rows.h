// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "storage/import_store.h"
#include "transfer/csv_reader.h"
#include "transfer/row_parser.h"

namespace ginnel::transfer {

/// A row of a file with the place it came from.
struct NumberedRow {
  std::uint64_t line = 0;  ///< where it begins, from 1
  std::span<const std::string_view> cells;
  Result<change::ImportRow> row;  ///< or what is wrong with it (see reason_of)
};

/// What is said of an import that was stopped by its caller.
inline Error import_stopped() {
  return Error(ErrorKind::kUnavailable, "The import was stopped; nothing was imported");
}

/// Reads a CSV file of users, links or events row by row; the header first. Rows of empty cells,
/// which spreadsheets write for empty ones, are passed over. Used by one thread at a time.
class ImportRows final {
 public:
  ImportRows(change::RowKind kind, ByteSource source, domain::TargetRules targets)
      : kind_(kind), targets_(std::move(targets)), reader_(std::move(source)) {}

  /// The next row, good or bad, or null at the end. It lasts until the next call; what it holds may
  /// be moved away. Fails when there is no going on: as CsvReader::next and RowParser::from_header
  /// do, and with kInvalid for a file without a header.
  Result<NumberedRow*> next();

  /// The names of the file's columns; empty before the first row was read.
  std::span<const std::string> header() const noexcept;

  std::uint64_t bytes_read() const noexcept { return reader_.bytes_read(); }

 private:
  Result<std::optional<CsvRecord>> next_record();
  Result<Done> read_header();
  Result<change::ImportRow> parse(const CsvRecord& record) const;

  change::RowKind kind_;
  domain::TargetRules targets_;
  CsvReader reader_;
  std::optional<RowParser> parser_;
  NumberedRow current_;
};

}  // namespace ginnel::transfer
