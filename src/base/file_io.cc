// SPDX-License-Identifier: MIT
#include "base/file_io.h"

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace ginnel {
namespace {

/// The folder that a file lies in.
std::string folder_above(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

Error cannot_open(int code) {
  const bool is_missing = code == ENOENT || code == ENOTDIR;
  const bool is_no_file = code == ENXIO || code == ELOOP;  // a socket; links in a circle
  return {is_missing   ? ErrorKind::kNotFound
          : is_no_file ? ErrorKind::kInvalid
                       : ErrorKind::kUnavailable,
          std::generic_category().message(code)};
}

}  // namespace

Result<FileDescriptor> open_regular_file(const std::string& path) {
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat found {};
  if (!file.is_open() || ::fstat(file.number(), &found) != 0) {
    return cannot_open(errno);
  }
  if (!S_ISREG(found.st_mode)) {
    return Error(ErrorKind::kInvalid,
                 S_ISDIR(found.st_mode) ? std::generic_category().message(EISDIR)
                                        : "It is a pipe or a device, not a file");
  }
  return file;
}

bool write_all(int file, std::string_view bytes) noexcept {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file, bytes.data(), bytes.size());
    if (count < 0 && errno != EINTR) {
      return false;
    }
    bytes.remove_prefix(count < 0 ? 0 : static_cast<std::size_t>(count));
  }
  return true;
}

FileDescriptor open_or_make(const std::string& path, const std::string& model, mode_t mode) {
  FileDescriptor made(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (!made.is_open()) {
    return FileDescriptor(errno == EEXIST ? ::open(path.c_str(), O_RDWR | O_CLOEXEC) : -1);
  }
  give_to_owner(made.number(), model);
  return made;
}

void give_to_owner(int file, const std::string& model) {
  struct stat owned {};
  if (::geteuid() != 0 ||
      (::stat(model.c_str(), &owned) != 0 && ::stat(folder_above(model).c_str(), &owned) != 0)) {
    return;
  }
  [[maybe_unused]] const int refused = ::fchown(file, owned.st_uid, owned.st_gid);
}

bool sync_folder(const std::string& folder) noexcept {
  const FileDescriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return opened.is_open() && ::fsync(opened.number()) == 0;
}

FileDescriptor nameless_file(const std::string& folder) {
  FileDescriptor file(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, kOwnerOnly));
  if (file.is_open() || (errno != EOPNOTSUPP && errno != EISDIR)) {
    return file;
  }
  // A file system without O_TMPFILE (NFS, older overlays): it has a name for a moment.
  std::string path = folder + "/.ginnel-XXXXXX";
  file = FileDescriptor(::mkostemp(path.data(), O_CLOEXEC));
  if (file.is_open()) {
    ::unlink(path.c_str());
  }
  return file;
}

std::string temporary_folder() {
  const char* folder = std::getenv("TMPDIR");
  return folder != nullptr && *folder != '\0' ? folder : "/tmp";
}

}  // namespace ginnel
