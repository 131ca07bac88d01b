// SPDX-License-Identifier: MIT
#include "transfer/rejects_file.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <vector>

#include "base/file_error.h"
#include "base/file_io.h"
#include "transfer/csv_writer.h"

namespace ginnel::transfer {
namespace {

constexpr std::size_t kBufferBytes = 65'536;

}  // namespace

Result<Done> RejectsFile::open(const InputFile& input, std::span<const std::string> header) {
  // Not O_TRUNC: the path may be the input's, which only fstat can tell.
  FileDescriptor file(::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, kOwnerOnly));
  struct stat found {};
  if (!file.is_open() || ::fstat(file.number(), &found) != 0) {
    return file_error("write " + path_, errno);
  }
  if (input.is_same_as(found)) {
    return Error(ErrorKind::kInvalid, "the rejected rows cannot go to the imported file itself");
  }
  if (S_ISREG(found.st_mode) && ::ftruncate(file.number(), 0) != 0) {
    return file_error("write " + path_, errno);
  }
  file_ = std::move(file);
  std::vector<std::string_view> cells = {"line", "reason"};
  cells.insert(cells.end(), header.begin(), header.end());
  append_csv_line(buffer_, cells);
  return Done{};
}

Result<Done> RejectsFile::add(const RejectedRow& row) {
  append_csv_cell(buffer_, std::to_string(row.line));
  buffer_ += ',';
  append_csv_cell(buffer_, row.reason);
  buffer_ += ',';
  append_csv_line(buffer_, row.cells);
  return buffer_.size() < kBufferBytes ? Result<Done>(Done{}) : flush();
}

Result<Done> RejectsFile::flush() {
  if (!write_all(file_.number(), buffer_)) {
    return file_error("write " + path_, errno);
  }
  buffer_.clear();
  return Done{};
}

}  // namespace ginnel::transfer
