// SPDX-License-Identifier: MIT
#include "base/whole_file.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "base/file_error.h"
#include "base/file_io.h"

namespace ginnel {
namespace {

std::string without_links(const std::string& path) {
  std::error_code failed;
  if (!std::filesystem::is_symlink(path, failed)) {
    return path;
  }
  const auto behind = std::filesystem::canonical(path, failed);
  return failed ? path : behind.string();
}

std::string folder_of(const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path();
  return folder.empty() ? "." : folder.string();
}

/// What may be in the way is told by its own name: a killed process of another user left it.
Error cannot_make(const std::string& path, const std::string& partial) {
  const int code = errno;
  struct stat found {};
  if (::lstat(partial.c_str(), &found) != 0) {
    return file_error("write " + path, code);
  }
  Error error = file_error("write " + partial, code);
  error.message += "; a process that was killed may have left it: delete it when none writes it";
  return error;
}

}  // namespace

Result<WholeFile> WholeFile::make(const std::string& path, mode_t mode) {
  const std::string real = without_links(path);
  // Not O_TRUNC: somebody else may be writing it.
  FileDescriptor file(
      ::open((real + ".partial").c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, mode));
  if (!file.is_open()) {
    return cannot_make(path, real + ".partial");
  }
  WholeFile whole(real, std::move(file));
  if (auto claimed = whole.claim(); !claimed) {
    whole.file_ = FileDescriptor();  // it is another's: not to be deleted
    return std::move(claimed).error();
  }
  return whole;
}

/// Locks the file and empties it.
Result<Done> WholeFile::claim() {
  struct stat opened {};
  struct stat named {};
  const bool locked = ::flock(number(), LOCK_EX | LOCK_NB) == 0;
  // Whoever held the lock before may have renamed or deleted the file in between.
  if (!locked || ::fstat(number(), &opened) != 0 || ::stat(partial_path_.c_str(), &named) != 0 ||
      opened.st_ino != named.st_ino || opened.st_dev != named.st_dev) {
    return Error(ErrorKind::kConflict, path_ + " is being written by another process");
  }
  if (::ftruncate(number(), 0) != 0) {
    return file_error("write " + path_, errno);
  }
  return Done();
}

WholeFile::~WholeFile() {
  if (file_.is_open()) {
    ::unlink(partial_path_.c_str());
  }
}

bool WholeFile::rename(IfThere if_there) const {
  const char* from = partial_path_.c_str();
  const char* to = path_.c_str();
  if (if_there == IfThere::kReplace) {
    return ::rename(from, to) == 0;
  }
  if (::renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0) {
    return true;
  }
  if (errno != EINVAL) {
    return false;
  }
  // A file system that cannot do it in one step.
  struct stat found {};
  if (::lstat(to, &found) == 0) {
    errno = EEXIST;
    return false;
  }
  return ::rename(from, to) == 0;
}

Result<Done> WholeFile::keep(IfThere if_there) {
  if (::fsync(number()) != 0) {
    return file_error("write " + path_, errno);
  }
  if (!rename(if_there)) {
    return errno == EEXIST ? Error(ErrorKind::kConflict, path_ + " is there already")
                           : file_error("write " + path_, errno);
  }
  return sync_name();
}

Result<Done> WholeFile::keep_and_rename(const std::string& other) {
  const auto rename_to = [](const std::string& from, const std::string& to, unsigned how) {
    return ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), how) == 0;
  };
  if (::fsync(number()) != 0) {
    return file_error("write " + path_, errno);
  }
  if (rename_to(partial_path_, other, RENAME_NOREPLACE)) {
    if (rename_to(other, path_, RENAME_EXCHANGE)) {
      return sync_name();
    }
    const int code = errno;
    rename_to(other, partial_path_, RENAME_NOREPLACE);
    return file_error("replace " + path_, code);
  }
  if (errno != EINVAL) {
    return errno == EEXIST ? Error(ErrorKind::kConflict, other + " is there already")
                           : file_error("keep " + path_ + " as " + other, errno);
  }
  // A file system that can do neither in one step: for a moment the file has two names.
  if (::link(path_.c_str(), other.c_str()) != 0 || !rename(IfThere::kReplace)) {
    return file_error("replace " + path_, errno);
  }
  return sync_name();
}

/// Ends the writing, and forces the names to the disk.
Result<Done> WholeFile::sync_name() {
  file_ = FileDescriptor();
  if (!sync_folder(folder_of(path_))) {
    return file_error("force " + path_ + " to the disk", errno);
  }
  return Done();
}

}  // namespace ginnel
