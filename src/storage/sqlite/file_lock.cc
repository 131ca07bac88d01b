// SPDX-License-Identifier: MIT
#include "storage/sqlite/file_lock.h"

#include <array>
#include <cerrno>
#include <cstddef>
#include <fcntl.h>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace ginnel::storage {

namespace {

/// What the holder wrote into the lock file: its process id, or `unknown`.
std::string holder_of(int descriptor) {
  std::array<char, 24> text{};
  const ssize_t size = ::pread(descriptor, text.data(), text.size(), 0);
  std::string holder(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  const std::size_t digits = holder.find_first_not_of("0123456789");
  holder.resize(digits == std::string::npos ? holder.size() : digits);
  return holder.empty() ? "unknown" : holder;
}

/// Only help for a person: a failure to write it is no reason to fail.
void write_holder(int descriptor) {
  const std::string text = std::to_string(::getpid()) + "\n";
  if (::ftruncate(descriptor, 0) == 0) {
    [[maybe_unused]] const ssize_t written = ::pwrite(descriptor, text.data(), text.size(), 0);
  }
}

}  // namespace

Result<FileLock> FileLock::take(const std::string& path) {
  const std::string lock_path = path + ".lock";
  FileLock lock(::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kDatabaseMode));
  if (lock.descriptor_ < 0) {
    return Error(ErrorKind::kInvalid,
                 lock_path + " cannot be opened: " + std::generic_category().message(errno));
  }
  if (::flock(lock.descriptor_, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) {
      return Error(ErrorKind::kInvalid,
                   lock_path + " cannot be locked: " + std::generic_category().message(errno));
    }
    return Error(ErrorKind::kConflict,
                 path + " is being served by another process (pid " + holder_of(lock.descriptor_) +
                     "): stop it first, then run the same command again");
  }
  write_holder(lock.descriptor_);
  return lock;
}

std::optional<std::string> FileLock::holder(const std::string& path) {
  const FileLock looking(::open((path + ".lock").c_str(), O_RDONLY | O_CLOEXEC));
  const bool is_held = looking.descriptor_ >= 0 &&
                       ::flock(looking.descriptor_, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  return is_held ? std::optional(holder_of(looking.descriptor_)) : std::nullopt;
}

FileLock::FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

FileLock::~FileLock() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);
  }
}

}  // namespace ginnel::storage
