// SPDX-License-Identifier: MIT
#include "storage/sqlite/file/database_files.h"

#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace ginnel::storage::sqlite {

namespace {

/// https://www.sqlite.org/walformat.html: of the log, and of its index.
constexpr std::int64_t kLogHeadBytes = 32;
constexpr std::int64_t kFrameHeadBytes = 24;
constexpr off_t kSaltsInLog = 16;
constexpr int kIndexRegionBytes = 32'768;
constexpr std::size_t kPageBytesInIndex = 14;
constexpr std::size_t kFramesInIndex = 16;
constexpr std::size_t kSaltsInIndex = 32;
constexpr std::size_t kCopiedInIndex = 96;
constexpr std::size_t kCopyingInIndex = 128;

/// Another program may begin the log anew between two looks at it.
constexpr int kTries = 3;

/// Nothing else of the index is read: its readers write to what lies in between.
template <class Number>
Number number_at(volatile void* region, std::size_t offset) {
  Number number = 0;
  std::memcpy(
      &number, static_cast<const char*>(const_cast<const void*>(region)) + offset, sizeof number);
  return number;
}

bool same_time(const timespec& one, const timespec& other) noexcept {
  return one.tv_sec == other.tv_sec && one.tv_nsec == other.tv_nsec;
}

FilesFault damaged(std::string what) {
  return {StopReason::kDamaged, std::move(what), {}};
}

}  // namespace

DatabaseFiles::DatabaseFiles(sqlite3* connection, std::string path) : path_(std::move(path)) {
  sqlite3_file_control(connection, "main", SQLITE_FCNTL_FILE_POINTER, static_cast<void*>(&file_));
  for (const char* end : {"", "-wal", "-shm", ".lock"}) {
    if (auto mark = FileMark::of(path_ + end)) {
      marks_.push_back(std::move(*mark));
    }
  }
  log_ = FileDescriptor(::open((path_ + "-wal").c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  index_was_cut();
  note_checkpoint();
}

std::optional<FilesFault> DatabaseFiles::look() {
  if (auto fault = look_at_places()) {
    return fault;
  }
  if (index_was_cut()) {
    return damaged(path_ + "-shm was emptied or cut off by another program");
  }
  for (int tries = 0; tries < kTries; ++tries) {
    const auto before = index();
    if (!before) {
      return std::nullopt;
    }
    auto fault = look_at_contents(*before);
    if (!fault || index() == before) {
      return fault;
    }
  }
  return std::nullopt;
}

std::optional<FilesFault> DatabaseFiles::look_at_places() const {
  int moved = 0;
  if (file_->pMethods->xFileControl(file_, SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK &&
      moved != 0) {
    return FilesFault{
        StopReason::kMoved,
        path_ + " was moved, replaced or deleted",
        "put the file back that was there; or stop the server and use ginnel restore: "
        "what has the name now must not be served with " +
            path_ + "-wal"};
  }
  for (const FileMark& mark : marks_) {
    const FileMark::State state = mark.state();
    if (state == FileMark::State::kInPlace) {
      continue;
    }
    const bool missing = state == FileMark::State::kMissing;
    return FilesFault{StopReason::kMoved,
                      mark.path() + (missing ? " was moved or deleted" : " was replaced"),
                      "put it back; if it is lost, restart the server",
                      mark.path() == path_ + "-wal"};
  }
  return std::nullopt;
}

std::optional<FilesFault> DatabaseFiles::look_at_contents(const LogIndex& index) {
  if (!log_is_whole(index)) {
    return damaged(path_ + "-wal was emptied or overwritten by another program");
  }
  if (was_overwritten(index)) {
    return damaged(path_ + " was written to by a program that is not SQLite");
  }
  return std::nullopt;
}

/// Whether the log's file holds the log that its index speaks of.
bool DatabaseFiles::log_is_whole(const LogIndex& index) const {
  if (index.frames == 0 || !log_.is_open()) {
    return true;
  }
  struct stat found {};
  if (::fstat(log_.number(), &found) != 0) {
    return true;
  }
  std::uint64_t salts = 0;
  const bool has_salts =
      ::pread(log_.number(), &salts, sizeof salts, kSaltsInLog) == ssize_t{sizeof salts};
  return has_salts && salts == index.salts &&
         found.st_size >= kLogHeadBytes + std::int64_t{index.frames} *
                                              (kFrameHeadBytes + std::int64_t{index.page_bytes});
}

/// Whether the database's file changed although nobody made a checkpoint, as far as its index says.
bool DatabaseFiles::was_overwritten(const LogIndex& index) {
  struct stat found {};
  if (index.copying > index.copied || ::stat(path_.c_str(), &found) != 0) {
    return false;  // a checkpoint is writing to it: to be seen when that is done
  }
  const bool same = found.st_size == seen_.bytes && same_time(found.st_mtim, seen_.changed);
  const bool copied = index.salts != seen_.index.salts || index.copied != seen_.index.copied ||
                      index.copying != seen_.index.copying;
  if (same || copied) {
    seen_ = {found.st_size, found.st_mtim, index};
    return false;
  }
  return true;
}

void DatabaseFiles::note_checkpoint() {
  struct stat found {};
  if (::stat(path_.c_str(), &found) == 0) {
    seen_ = {found.st_size, found.st_mtim, index().value_or(LogIndex())};
  }
}

std::optional<std::uint64_t> DatabaseFiles::log_salts() const {
  const auto now = index();
  return now && now->frames > 0 ? std::optional(now->salts) : std::nullopt;
}

volatile void* DatabaseFiles::region() const {
  const sqlite3_io_methods* methods = file_->pMethods;
  volatile void* region = nullptr;
  const bool is_mapped = methods->iVersion >= 2 && methods->xShmMap != nullptr &&
                         methods->xShmMap(file_, 0, kIndexRegionBytes, 0, &region) == SQLITE_OK;
  return is_mapped ? region : nullptr;
}

/// Whoever reads beyond the end of a mapped file is killed. So an index that was cut is given its
/// bytes back, as zeros: SQLite takes those for no index, and makes one of the log.
bool DatabaseFiles::index_was_cut() {
  const std::string path = path_ + "-shm";
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) {
    return false;
  }
  if (found.st_size >= index_bytes_) {
    index_bytes_ = found.st_size;
    return false;
  }
  [[maybe_unused]] const int failed = ::truncate(path.c_str(), index_bytes_);
  return true;
}

std::optional<DatabaseFiles::LogIndex> DatabaseFiles::index() const {
  volatile void* const region = this->region();
  if (region == nullptr) {
    return std::nullopt;
  }
  LogIndex found;
  found.frames = number_at<std::uint32_t>(region, kFramesInIndex);
  // As 16 bits, of which 1 stands for 65,536.
  const auto page = number_at<std::uint16_t>(region, kPageBytesInIndex);
  found.page_bytes = (page & 0xfe00U) + ((page & 1U) << 16U);
  found.salts = number_at<std::uint64_t>(region, kSaltsInIndex);
  found.copied = number_at<std::uint32_t>(region, kCopiedInIndex);
  found.copying = number_at<std::uint32_t>(region, kCopyingInIndex);
  return found;
}

}  // namespace ginnel::storage::sqlite
