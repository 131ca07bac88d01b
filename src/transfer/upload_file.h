// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <sodium.h>
#include <string>
#include <string_view>
#include <utility>

#include "base/file_descriptor.h"
#include "base/result.h"
#include "transfer/input_file.h"

namespace ginnel::transfer {

/// That the disk refused `act` (`write the upload's file`), as errno says; it is kUnavailable.
Error upload_not_kept(const std::string& act);

/// A file that comes piece by piece and is kept on a disk, without a name, until it is imported.
/// Used by one thread at a time. What the disk refuses is kUnavailable; the detail says why.
class UploadFile final {
 public:
  static Result<UploadFile> make(const std::string& folder);

  Result<Done> append(std::string_view bytes);

  std::uint64_t bytes() const noexcept { return bytes_; }

  /// The file from its first byte on, under this name. Nothing may be appended any more; of several
  /// inputs only one may be read at a time.
  Result<InputFile> input(std::string name);

 private:
  explicit UploadFile(FileDescriptor file) : file_(std::move(file)) {
    crypto_hash_sha256_init(&hash_);
  }

  FileDescriptor file_;
  crypto_hash_sha256_state hash_{};
  std::uint64_t bytes_ = 0;
  std::string sha256_;  ///< once it is known
};

}  // namespace ginnel::transfer
