// SPDX-License-Identifier: MIT
#include "clicks/open_segment.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <string_view>
#include <sys/stat.h>
#include <system_error>

#include "base/file_io.h"
#include "base/hex.h"
#include "base/random.h"

namespace ginnel::clicks {
namespace {

constexpr mode_t kSegmentMode = 0640;

std::string random_id() {
  std::array<std::uint8_t, 16> bytes{};
  fill_with_entropy(bytes);
  return to_hex(bytes);
}

/// Errors of `path`, which is deleted: what is half made must not take room.
Error cannot_make(const std::string& path) {
  const int error = errno;
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  return Error(ErrorKind::kUnavailable,
               "The journal's disk takes no file (journal.folder)",
               path + ": " + std::strerror(error));
}

/// Room that no later write has to find. A file system without fallocate has none to give.
bool reserve(int file, std::uint64_t bytes) noexcept {
  return ::fallocate(file, 0, 0, static_cast<off_t>(bytes)) == 0 || errno == EOPNOTSUPP;
}

}  // namespace

Result<std::unique_ptr<OpenSegment>> make_segment(const std::string& folder,
                                                  const std::string& database,
                                                  std::uint64_t bytes) {
  auto segment = std::make_unique<OpenSegment>();
  segment->header = {random_id(), database, domain::now()};
  segment->path = folder + "/" + segment->header.id + ".clicks";
  const std::string half_made = segment->path + ".new";
  segment->file = FileDescriptor(
      ::open(half_made.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kSegmentMode));
  if (!segment->file.is_open()) {
    return cannot_make(half_made);
  }
  const std::string header = segment_header_bytes(segment->header);
  const int file = segment->file.number();
  if (!reserve(file, bytes) ||
      ::pwrite(file, header.data(), header.size(), 0) != static_cast<ssize_t>(header.size()) ||
      ::rename(half_made.c_str(), segment->path.c_str()) != 0) {
    return cannot_make(half_made);
  }
  if (!sync_folder(folder)) {
    return cannot_make(segment->path);
  }
  segment->allocated = bytes;
  segment->wanted_bytes = bytes;
  return segment;
}

bool is_in_place(const OpenSegment& segment) noexcept {
  const std::uint64_t written = segment.written.load(std::memory_order_acquire);
  struct stat ours {};
  struct stat named {};
  if (::fstat(segment.file.number(), &ours) != 0) {
    return true;
  }
  if (::lstat(segment.path.c_str(), &named) != 0) {
    return errno != ENOENT && errno != ENOTDIR;
  }
  return named.st_dev == ours.st_dev && named.st_ino == ours.st_ino &&
         static_cast<std::uint64_t>(named.st_size) >= written;
}

bool close_segment(OpenSegment& segment) noexcept {
  const std::uint64_t end = segment.written;
  const bool cut = ::ftruncate(segment.file.number(), static_cast<off_t>(end)) == 0;
  const bool synced = ::fdatasync(segment.file.number()) == 0;
  segment.file = FileDescriptor();
  if (cut) {
    segment.allocated = end;
  }
  return cut && synced;
}

}  // namespace ginnel::clicks
