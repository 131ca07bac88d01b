// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "base/byte_source.h"
#include "base/result.h"

namespace ginnel::transfer {

/// One record of a CSV file: a view that lasts until the reader's next call.
struct CsvRecord {
  std::uint64_t line = 0;  ///< where it begins, from 1
  std::span<const std::string_view> cells;

  /// Why the record cannot be used although its end is known, or empty.
  std::string_view fault;
};

/// Reads CSV (RFC 4180) record by record, in pieces of 64 KiB, with constant memory.
///
/// Commas and double quotes; lines end in LF, CRLF or CR; blank lines are passed over; spaces
/// belong to the cell; a byte order mark of UTF-8 is dropped. What the cells hold is not checked:
/// they may be any bytes. Used by one thread at a time.
///
/// As spreadsheets write it too: the first line that says anything may have its cells divided by
/// semicolons or tabs, then all have; a line `sep=;` before it says by what; and the file may end
/// in 0x1A, the end of a text under CP/M and DOS.
class CsvReader final {
 public:
  /// Bytes of a record, its quotes and commas included. Far above any row of ours: a link's is at
  /// most 8192 characters of target and 500 of title, an event's 64 KiB of details.
  static constexpr std::size_t kMaxRecordBytes = std::size_t{1} << 20;
  static constexpr std::size_t kMaxColumns = 64;

  explicit CsvReader(ByteSource source);
  CsvReader(const CsvReader&) = delete;
  CsvReader& operator=(const CsvReader&) = delete;
  ~CsvReader();

  /// The next record, or nothing at the end of the file.
  ///
  /// Fails with kInvalid when it cannot be told where a record ends (a quote left open, text after
  /// a closing quote, a record over the limit) or the file is UTF-16: the message names the line.
  /// Fails as the source does. After an error there is nothing more to read.
  Result<std::optional<CsvRecord>> next();

  /// Bytes taken from the source and read so far.
  std::uint64_t bytes_read() const noexcept;

 private:
  class Parser;

  std::unique_ptr<Parser> parser_;  // libcsv's header stays out of this one
};

}  // namespace ginnel::transfer
