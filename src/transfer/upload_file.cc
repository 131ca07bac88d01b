// SPDX-License-Identifier: MIT
#include "transfer/upload_file.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

#include "base/file_io.h"
#include "base/hex.h"

namespace ginnel::transfer {
namespace {

Error not_kept(const char* act) {
  const std::string reason = std::generic_category().message(errno);
  return Error(ErrorKind::kUnavailable,
               "The upload could not be kept; try again",
               std::string("cannot ") + act + " the upload's file: " + reason);
}

}  // namespace

Result<UploadFile> UploadFile::make(const std::string& folder) {
  FileDescriptor file = nameless_file(folder);
  if (!file.is_open()) {
    return not_kept("make");
  }
  return UploadFile(std::move(file));
}

Result<Done> UploadFile::append(std::string_view bytes) {
  if (!write_all(file_.number(), bytes)) {
    return not_kept("write");
  }
  crypto_hash_sha256_update(&hash_,
                            reinterpret_cast<const unsigned char*>(bytes.data()),
                            static_cast<unsigned long long>(bytes.size()));
  bytes_ += bytes.size();
  return Done();
}

Result<InputFile> UploadFile::input(std::string name) {
  if (sha256_.empty()) {
    std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
    crypto_hash_sha256_final(&hash_, digest.data());
    sha256_ = to_hex(digest);
  }
  FileDescriptor again(::fcntl(file_.number(), F_DUPFD_CLOEXEC, 0));
  if (!again.is_open() || ::lseek(again.number(), 0, SEEK_SET) != 0) {
    return not_kept("read");
  }
  return InputFile::over(std::move(name), std::move(again), sha256_);
}

}  // namespace ginnel::transfer
