// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/file_descriptor.h"
#include "base/result.h"
#include "base/whole_file.h"

namespace ginnel::transfer {

/// Where an export goes. What is written shows at `finish` alone, whole: a file takes the place of
/// an earlier one then. What is no regular file (the standard output, a pipe) is sent everything at
/// the end, from a temporary file without a name in TMPDIR or /tmp, so that a slow reader never
/// keeps the database waiting. Used by one thread at a time.
class OutputFile final {
 public:
  /// Opens `path`, or the standard output for `-`. A file that is made can be read by its owner
  /// alone: rows hold names and addresses. Fails with kInvalid, naming the file and the reason,
  /// with kConflict when another process writes it.
  static Result<OutputFile> open(const std::string& path);

  /// Fails with kInvalid when the disk does.
  Result<Done> write(std::string_view bytes);

  /// The last call. Fails as `write` does, and when nobody reads any more.
  Result<Done> finish();

 private:
  OutputFile(std::string name, FileDescriptor reader, FileDescriptor spool)
      : name_(std::move(name)), reader_(std::move(reader)), spool_(std::move(spool)) {}
  OutputFile(std::string name, WholeFile file) : name_(std::move(name)), file_(std::move(file)) {}

  Result<Done> send();

  std::string name_;
  std::optional<WholeFile> file_;
  FileDescriptor reader_;  ///< where the spool is sent when there is no file
  FileDescriptor spool_;
};

}  // namespace ginnel::transfer
