// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/file_descriptor.h"
#include "base/result.h"
#include "transfer/input_file.h"

namespace ginnel::transfer {

/// A row that was not imported.
struct RejectedRow {
  std::uint64_t line = 0;
  std::string_view reason;
  std::span<const std::string_view> cells;
};

/// The rows that were not imported, as CSV: `line,reason` and the columns of the input, so that a
/// corrected copy can be imported in turn (the first two columns are ignored then).
///
/// Made with the first row, readable by its owner alone, in the place of an earlier one; without a
/// row there is no file. Used by one thread at a time.
class RejectsFile final {
 public:
  explicit RejectsFile(std::string path) : path_(std::move(path)) {}

  /// Makes the file with its header. Fails with kInvalid when `path` cannot be written or is the
  /// input.
  Result<Done> open(const InputFile& input, std::span<const std::string> header);

  bool is_open() const noexcept { return file_.is_open(); }
  const std::string& path() const noexcept { return path_; }

  /// Adds a row; `open` came before. Fails with kInvalid when the disk is full.
  Result<Done> add(const RejectedRow& row);

  /// Writes what is buffered. Fails as `add` does.
  Result<Done> flush();

 private:
  std::string path_;
  FileDescriptor file_;
  std::string buffer_;
};

}  // namespace ginnel::transfer
