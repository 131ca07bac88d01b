// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "clicks/click_record.h"
#include "clicks/open_segment.h"
#include "clicks/options.h"

namespace ginnel::clicks {

/// What the files of a journal take, and may take. Bytes that are reserved count as taken.
struct DiskUse {
  explicit DiskUse(std::uint64_t limit) noexcept : most(limit) {}

  /// Takes `more` bytes, or none and gives false where that would pass the limit, whatever another
  /// thread takes meanwhile.
  bool take(std::uint64_t more) noexcept {
    std::uint64_t now = bytes.load(std::memory_order_relaxed);
    while (now <= most && more <= most - now) {
      if (bytes.compare_exchange_weak(now, now + more, std::memory_order_relaxed)) {
        return true;
      }
    }
    return false;
  }

  const std::uint64_t most;
  std::atomic<std::uint64_t> bytes{0};
};

/// One core's end of the journal: `append` and `flush` are for its loop only, and neither wait,
/// lock nor allocate. The rest is for the journal's keeper, which prepares and closes the files.
///
/// Between the two lie three pointers: the segment in use, the one that comes next, and the one
/// that is full. Each is set by one side and taken by the other.
class JournalWriter final {
 public:
  JournalWriter(const JournalOptions& options, DiskUse& disk) noexcept
      : sync_(options.sync == SyncPolicy::kFlush), disk_(disk) {}
  JournalWriter(const JournalWriter&) = delete;
  JournalWriter& operator=(const JournalWriter&) = delete;

  /// Puts a record into memory, for the next flush.
  void append(const ClickRecord& record) noexcept;

  /// Hands what was appended to the kernel in one write: the loop calls it before it sends the
  /// answers. What cannot be written is dropped and counted; visitors hear nothing of it.
  void flush() noexcept;

  /// The segment in use, or null.
  OpenSegment* current() const noexcept { return current_.load(std::memory_order_acquire); }

  /// Whether another segment is wanted, to change to when the present one is full.
  bool wants_next() const noexcept { return next_.load(std::memory_order_relaxed) == nullptr; }
  void give_next(OpenSegment& segment) noexcept {
    next_.store(&segment, std::memory_order_release);
  }

  /// The segment that became full, or null; the next one can become full after this only.
  OpenSegment* take_full() noexcept { return full_.exchange(nullptr, std::memory_order_acq_rel); }

  /// Takes a prepared segment back, or null.
  OpenSegment* take_next() noexcept { return next_.exchange(nullptr, std::memory_order_acq_rel); }

  /// Takes the segment in use, or null. Nothing is appended any more.
  OpenSegment* take_current() noexcept {
    return current_.exchange(nullptr, std::memory_order_acq_rel);
  }

  std::uint64_t records() const noexcept { return records_.load(std::memory_order_relaxed); }
  std::uint64_t bytes() const noexcept { return bytes_.load(std::memory_order_relaxed); }
  std::uint64_t dropped() const noexcept { return dropped_.load(std::memory_order_relaxed); }
  std::uint64_t syncs() const noexcept { return syncs_.load(std::memory_order_relaxed); }
  std::uint64_t sync_failures() const noexcept {
    return sync_failures_.load(std::memory_order_relaxed);
  }

 private:
  /// More than a turn's clicks: a loop takes at most some hundred requests in a turn.
  static constexpr std::size_t kBufferBytes = std::size_t{256} << 10;

  bool is_full() const noexcept;
  bool may_change() const noexcept;
  void change_when_full() noexcept;
  void give_up_when_full() noexcept;
  void change_to(OpenSegment* next) noexcept;
  bool has_room(OpenSegment& segment) noexcept;
  bool write(OpenSegment& segment) noexcept;
  bool force_to_disk(const OpenSegment& segment) noexcept;

  const bool sync_;
  DiskUse& disk_;
  std::array<char, kBufferBytes> buffer_;
  std::size_t filled_ = 0;      ///< bytes of buffer_
  std::uint64_t buffered_ = 0;  ///< records in them
  std::atomic<OpenSegment*> current_{nullptr};
  std::atomic<OpenSegment*> next_{nullptr};
  std::atomic<OpenSegment*> full_{nullptr};
  std::atomic<std::uint64_t> records_{0};
  std::atomic<std::uint64_t> bytes_{0};
  std::atomic<std::uint64_t> dropped_{0};
  std::atomic<std::uint64_t> syncs_{0};
  std::atomic<std::uint64_t> sync_failures_{0};
};

}  // namespace ginnel::clicks
