// SPDX-License-Identifier: MIT
#include "transfer/output_file.h"

#include <cerrno>
#include <cstddef>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include "base/file_error.h"
#include "base/file_io.h"

namespace ginnel::transfer {
namespace {

constexpr std::size_t kCopyBytes = 262'144;

/// Whether `path` names something whose place no file may take.
bool is_stream(const std::string& path) noexcept {
  struct stat found {};
  return path == "-" || (::stat(path.c_str(), &found) == 0 && !S_ISREG(found.st_mode));
}

}  // namespace

Result<OutputFile> OutputFile::open(const std::string& path) {
  if (!is_stream(path)) {
    auto file = WholeFile::make(path, kOwnerOnly);
    if (!file) {
      return std::move(file).error();
    }
    return OutputFile(path, std::move(*file));
  }
  std::string name = path == "-" ? "the standard output" : path;
  FileDescriptor reader(path == "-" ? ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0)
                                    : ::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!reader.is_open()) {
    return file_error("write to " + name, errno);
  }
  FileDescriptor spool = nameless_file(temporary_folder());
  if (!spool.is_open()) {
    return file_error("make a temporary file", errno);
  }
  return OutputFile(std::move(name), std::move(reader), std::move(spool));
}

Result<Done> OutputFile::write(std::string_view bytes) {
  if (write_all(file_ ? file_->number() : spool_.number(), bytes)) {
    return Done();
  }
  return file_error(file_ ? "write " + name_ : "write a temporary file", errno);
}

Result<Done> OutputFile::finish() {
  return file_ ? file_->keep(WholeFile::IfThere::kReplace) : send();
}

Result<Done> OutputFile::send() {
  std::vector<char> piece(kCopyBytes);
  off_t sent = 0;
  while (true) {
    const ssize_t count = ::pread(spool_.number(), piece.data(), piece.size(), sent);
    if (count < 0) {
      return file_error("read a temporary file", errno);
    }
    if (count == 0) {
      return Done();
    }
    if (!write_all(reader_.number(), {piece.data(), static_cast<std::size_t>(count)})) {
      return file_error("write to " + name_, errno);
    }
    sent += count;
  }
}

}  // namespace ginnel::transfer
