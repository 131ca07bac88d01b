// SPDX-License-Identifier: MIT
#include "transfer/input_file.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>
#include <vector>

#include "base/file_error.h"
#include "base/file_io.h"
#include "base/hex.h"

namespace ginnel::transfer {
namespace {

constexpr std::size_t kPieceBytes = 262'144;

std::string name_of(const std::string& path) {
  return path == "-" ? "stdin" : path.substr(path.rfind('/') + 1);
}

ssize_t read_some(int file, std::span<char> buffer) {
  ssize_t count = 0;
  do {
    count = ::read(file, buffer.data(), buffer.size());
  } while (count < 0 && errno == EINTR);
  return count;
}

}  // namespace

Result<InputFile> InputFile::open(const std::string& path) {
  FileDescriptor opened(path == "-" ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                                    : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!opened.is_open()) {
    return file_error("open " + path, errno);
  }
  InputFile file(name_of(path), std::move(opened));
  if (::fstat(file.file_.number(), &file.opened_) != 0) {
    return file_error("look at " + path, errno);
  }
  if (!S_ISREG(file.opened_.st_mode)) {
    if (auto spooled = file.spool(); !spooled) {
      return std::move(spooled).error();
    }
  }
  if (auto hashed = file.hash(); !hashed) {
    return std::move(hashed).error();
  }
  return file;
}

Result<InputFile> InputFile::over(std::string name, FileDescriptor file, std::string sha256) {
  InputFile input(std::move(name), std::move(file));
  if (::fstat(input.file_.number(), &input.opened_) != 0) {
    return file_error("look at " + input.name_, errno);
  }
  input.sha256_ = std::move(sha256);
  input.bytes_ = static_cast<std::uint64_t>(input.opened_.st_size);
  return input;
}

Result<Done> InputFile::spool() {
  FileDescriptor copy = nameless_file(temporary_folder());
  if (!copy.is_open()) {
    return file_error("make a temporary file", errno);
  }
  std::vector<char> piece(kPieceBytes);
  ssize_t count = 0;
  while ((count = read_some(file_.number(), piece)) > 0) {
    if (!write_all(copy.number(), {piece.data(), static_cast<std::size_t>(count)})) {
      return file_error("keep a copy of " + name_, errno);
    }
  }
  if (count < 0) {
    return file_error("read " + name_, errno);
  }
  if (::fstat(copy.number(), &opened_) != 0) {
    return file_error("look at the copy of " + name_, errno);
  }
  file_ = std::move(copy);
  return Done{};
}

/// Leaves the file at its first byte.
Result<Done> InputFile::hash() {
  if (sodium_init() < 0) {
    return Error(ErrorKind::kInternal, "libsodium does not start");
  }
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  std::vector<char> piece(kPieceBytes);
  ssize_t count = 0;
  ::lseek(file_.number(), 0, SEEK_SET);
  while ((count = read_some(file_.number(), piece)) > 0) {
    crypto_hash_sha256_update(&state,
                              reinterpret_cast<const unsigned char*>(piece.data()),
                              static_cast<unsigned long long>(count));
    bytes_ += static_cast<std::uint64_t>(count);
  }
  if (count < 0 || ::lseek(file_.number(), 0, SEEK_SET) != 0) {
    return file_error("read " + name_, errno);
  }
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
  crypto_hash_sha256_final(&state, digest.data());
  sha256_ = to_hex(digest);
  return Done{};
}

Result<std::size_t> InputFile::read(std::span<char> buffer) {
  const ssize_t count = read_some(file_.number(), buffer);
  if (count < 0) {
    return file_error("read " + name_, errno);
  }
  if (count == 0 && has_changed()) {
    return Error(ErrorKind::kInvalid, name_ + " was changed while it was read");
  }
  return static_cast<std::size_t>(count);
}

bool InputFile::has_changed() const noexcept {
  struct stat found {};
  return ::fstat(file_.number(), &found) != 0 || found.st_size != opened_.st_size ||
         found.st_mtim.tv_sec != opened_.st_mtim.tv_sec ||
         found.st_mtim.tv_nsec != opened_.st_mtim.tv_nsec;
}

}  // namespace ginnel::transfer
