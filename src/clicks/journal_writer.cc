// SPDX-License-Identifier: MIT
#include "clicks/journal_writer.h"

#include <cerrno>
#include <string_view>
#include <unistd.h>

namespace ginnel::clicks {
namespace {

/// Counters have one writer: no locked instruction is needed.
void add(std::atomic<std::uint64_t>& counter, std::uint64_t more) noexcept {
  counter.store(counter.load(std::memory_order_relaxed) + more, std::memory_order_relaxed);
}

/// pwrite(2) until all of it is written or the disk refuses.
bool write_whole(int file, std::string_view bytes, std::uint64_t offset) noexcept {
  while (!bytes.empty()) {
    const ssize_t count = ::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count <= 0) {
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
  return true;
}

}  // namespace

void JournalWriter::append(const ClickRecord& record) noexcept {
  if (buffer_.size() - filled_ < kMaxRecordBytes) {
    flush();
  }
  filled_ += encode(record, buffer_.data() + filled_);
  ++buffered_;
}

void JournalWriter::flush() noexcept {
  if (filled_ == 0) {
    return;
  }
  change_when_full();
  OpenSegment* segment = current();
  if (segment != nullptr && has_room(*segment) && write(*segment)) {
    add(segment->records, buffered_);
    add(records_, buffered_);
    add(bytes_, filled_);
  } else {
    add(dropped_, buffered_);
    give_up_when_full();
  }
  filled_ = 0;
  buffered_ = 0;
}

/// Whether what is buffered lies beyond the size of the segment, or it is given up. It is written
/// there all the same while no other is ready.
bool JournalWriter::is_full() const noexcept {
  const OpenSegment* segment = current();
  return segment == nullptr || segment->written.load(std::memory_order_relaxed) + filled_ >
                                   segment->wanted_bytes.load(std::memory_order_relaxed);
}

void JournalWriter::change_when_full() noexcept {
  if (is_full() && may_change()) {
    if (OpenSegment* next = take_next()) {
      change_to(next);
    }
  }
}

/// Lets the keeper close a segment that takes no more, without another to change to. Once it is
/// shipped its room makes the next one; in use it would keep that for good.
void JournalWriter::give_up_when_full() noexcept {
  if (is_full() && may_change()) {
    change_to(nullptr);
  }
}

/// There is a place for one full segment only: the keeper must have taken the last.
bool JournalWriter::may_change() const noexcept {
  return full_.load(std::memory_order_acquire) == nullptr;
}

void JournalWriter::change_to(OpenSegment* next) noexcept {
  OpenSegment* full = current();
  current_.store(next, std::memory_order_release);
  full_.store(full, std::memory_order_release);
}

/// Takes room beyond what was reserved, as far as the limit of the journal lets it.
bool JournalWriter::has_room(OpenSegment& segment) noexcept {
  const std::uint64_t end = segment.written.load(std::memory_order_relaxed) + filled_;
  const std::uint64_t allocated = segment.allocated.load(std::memory_order_relaxed);
  if (end <= allocated) {
    return true;
  }
  if (!disk_.take(end - allocated)) {
    return false;
  }
  segment.allocated.store(end, std::memory_order_relaxed);
  return true;
}

/// Writes the buffer behind what is written. The end moves only when all of it is there: half a
/// record is never shown. What a write that failed left behind is cut off, lest a later, shorter
/// one be followed by its remains.
bool JournalWriter::write(OpenSegment& segment) noexcept {
  const std::uint64_t begin = segment.written.load(std::memory_order_relaxed);
  const int file = segment.file.number();
  const std::string_view bytes(buffer_.data(), filled_);
  if (!write_whole(file, bytes, begin) || (sync_ && !force_to_disk(segment))) {
    const bool cut = ::ftruncate(file, static_cast<off_t>(begin)) == 0;
    static_cast<void>(cut);  // a disk that refuses this too has no remedy
    return false;
  }
  segment.written.store(begin + filled_, std::memory_order_release);
  return true;
}

bool JournalWriter::force_to_disk(const OpenSegment& segment) noexcept {
  const bool synced = ::fdatasync(segment.file.number()) == 0;
  add(synced ? syncs_ : sync_failures_, 1);
  return synced;
}

}  // namespace ginnel::clicks
