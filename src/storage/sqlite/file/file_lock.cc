// SPDX-License-Identifier: MIT
#include "storage/sqlite/file/file_lock.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <fcntl.h>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>

#include "base/file_io.h"

namespace ginnel::storage::sqlite {

namespace {

/// What the holder wrote into the lock file.
struct Holder {
  std::string process;    ///< its id, or `unknown`
  std::string announced;  ///< where its server is asked; may be empty
  std::int64_t log = 0;   ///< the name of its log; 0 when it noted none
};

Holder holder_of(int descriptor) {
  constexpr std::size_t kMost = 512;
  std::array<char, kMost> bytes{};
  const ssize_t size = ::pread(descriptor, bytes.data(), bytes.size(), 0);
  const std::string_view text(bytes.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::string_view rest = text.substr(std::min(digits + 1, text.size()));
  const std::size_t end = std::min(rest.find('\n'), rest.size());
  const std::string_view log = rest.substr(std::min(end + 1, rest.size()));
  Holder holder{digits == 0 ? "unknown" : std::string(text.substr(0, digits)),
                std::string(rest.substr(0, end))};
  std::from_chars(log.data(), log.data() + log.size(), holder.log);
  return holder;
}

/// The byte of the database's file that its holder locks. SQLite locks some around the first GiB
/// (https://www.sqlite.org/fileformat2.html#the_lock_byte_page); no file is as large as this.
constexpr off_t kLockedByte = off_t{1} << 62;

struct flock byte_lock() {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = kLockedByte;
  lock.l_len = 1;
  return lock;
}

Error cannot(const std::string& path, const char* what) {
  return Error(ErrorKind::kInvalid,
               path + " cannot be " + what + ": " + std::generic_category().message(errno));
}

Error served_by(const std::string& path, const Holder& holder) {
  const std::string where = holder.announced.empty() ? "" : ", at " + holder.announced;
  return Error(ErrorKind::kConflict,
               path + " is being served by another process (pid " + holder.process + where +
                   "): stop it first, then run the same command again",
               holder.announced);
}

}  // namespace

Result<FileLock> FileLock::take(const std::string& path) {
  const std::string lock_path = path + ".lock";
  FileLock lock(path, open_or_make(lock_path, path, kDatabaseMode));
  const int number = lock.lock_.number();
  if (!lock.lock_.is_open()) {
    return cannot(lock_path, "opened");
  }
  if (::flock(number, LOCK_EX | LOCK_NB) != 0) {
    return errno == EWOULDBLOCK ? served_by(path, holder_of(number)) : cannot(lock_path, "locked");
  }
  if (auto held = lock.hold_file(); !held) {
    return std::move(held).error();
  }
  lock.notes_->log = holder_of(number).log;
  lock.write_notes();
  return lock;
}

Result<Done> FileLock::hold_file() {
  if (file_.is_open()) {
    return Done();
  }
  file_ = FileDescriptor(::open(path_.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK));
  if (!file_.is_open()) {
    return Done();  // it is not there yet; or whoever opens it next tells what is the matter
  }
  struct flock lock = byte_lock();
  if (::fcntl(file_.number(), F_OFD_SETLK, &lock) == 0) {
    return Done();
  }
  if (errno == EAGAIN || errno == EACCES) {
    return served_by(path_, {"unknown: its lock file is gone; `fuser " + path_ + "` finds it", {}});
  }
  return cannot(path_, "locked");
}

std::optional<std::string> FileLock::holder(const std::string& path) {
  // O_NONBLOCK: a pipe in its place must not make us wait.
  const FileDescriptor looking(::open((path + ".lock").c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  const bool is_held = looking.is_open() && ::flock(looking.number(), LOCK_SH | LOCK_NB) != 0 &&
                       errno == EWOULDBLOCK;
  if (is_held) {
    return holder_of(looking.number()).process;
  }
  return is_file_held(path) ? std::optional<std::string>("unknown") : std::nullopt;
}

void FileLock::announce(std::string_view url) {
  const std::lock_guard guard(notes_->mutex);
  notes_->announced = url;
  write_notes();
}

void FileLock::note_log(std::int64_t name) {
  const std::lock_guard guard(notes_->mutex);
  notes_->log = name;
  write_notes();
}

/// Only help: a failure to write them is no reason to fail.
void FileLock::write_notes() const {
  std::string text = std::to_string(::getpid()) + "\n";
  if (!notes_->announced.empty() || notes_->log != 0) {
    text.append(notes_->announced).append("\n");
  }
  if (notes_->log != 0) {
    text.append(std::to_string(notes_->log)).append("\n");
  }
  if (::ftruncate(lock_.number(), 0) == 0) {
    [[maybe_unused]] const ssize_t written = ::pwrite(lock_.number(), text.data(), text.size(), 0);
  }
}

std::int64_t FileLock::noted_log(const std::string& path) {
  const FileDescriptor looking(::open((path + ".lock").c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  return looking.is_open() ? holder_of(looking.number()).log : 0;
}

std::string FileLock::announced(const std::string& path) {
  const FileDescriptor looking(::open((path + ".lock").c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  return looking.is_open() ? holder_of(looking.number()).announced : std::string();
}

bool FileLock::is_file_held(const std::string& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct flock lock = byte_lock();
  return file.is_open() && ::fcntl(file.number(), F_OFD_GETLK, &lock) == 0 &&
         lock.l_type != F_UNLCK;
}

}  // namespace ginnel::storage::sqlite
