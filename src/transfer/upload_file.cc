// SPDX-License-Identifier: MIT
#include "transfer/upload_file.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

#include "base/file_error.h"
#include "base/file_io.h"
#include "base/hex.h"

namespace ginnel::transfer {

Error upload_not_kept(const std::string& act) {
  return Error(ErrorKind::kUnavailable,
               "The upload could not be kept; try again",
               file_error(act, errno).message);
}

Result<UploadFile> UploadFile::make(const std::string& folder) {
  FileDescriptor file = nameless_file(folder);
  if (!file.is_open()) {
    return upload_not_kept("make the upload's file");
  }
  return UploadFile(std::move(file));
}

Result<Done> UploadFile::append(std::string_view bytes) {
  if (!write_all(file_.number(), bytes)) {
    return upload_not_kept("write the upload's file");
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
    return upload_not_kept("read the upload's file");
  }
  return InputFile::over(std::move(name), std::move(again), sha256_);
}

}  // namespace ginnel::transfer
