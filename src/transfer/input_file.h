// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <utility>

#include "base/file_descriptor.h"
#include "base/result.h"

namespace ginnel::transfer {

/// A file to import, whose size and hash are known before it is read.
///
/// What is not a regular file (a pipe, the standard input) is first copied to a temporary file
/// without a name, in TMPDIR or /tmp, for it can be read only once. Used by one thread at a time.
class InputFile final {
 public:
  /// Opens `path`, or the standard input for `-`, and hashes it (about 0.2 GB/s). Fails with
  /// kInvalid, naming the file and the reason.
  static Result<InputFile> open(const std::string& path);

  /// A file that is open at its first byte and whose hash is known. Fails with kInvalid.
  static Result<InputFile> over(std::string name, FileDescriptor file, std::string sha256);

  /// The next bytes, from the first on; 0 at the end. Fails with kInvalid when the disk fails, and
  /// at the end when the file has changed since `open`: what was read is then not what was hashed.
  Result<std::size_t> read(std::span<char> buffer);

  const std::string& name() const noexcept { return name_; }      ///< without folders, or `stdin`
  const std::string& sha256() const noexcept { return sha256_; }  ///< in hex
  std::uint64_t bytes() const noexcept { return bytes_; }

  /// Whether `other` is this file, under whatever name.
  bool is_same_as(const struct stat& other) const noexcept {
    return other.st_dev == opened_.st_dev && other.st_ino == opened_.st_ino;
  }

 private:
  InputFile(std::string name, FileDescriptor file)
      : name_(std::move(name)), file_(std::move(file)) {}

  Result<Done> spool();
  Result<Done> hash();
  bool has_changed() const noexcept;

  std::string name_;
  FileDescriptor file_;
  std::string sha256_;
  std::uint64_t bytes_ = 0;
  struct stat opened_ {};
};

}  // namespace ginnel::transfer
