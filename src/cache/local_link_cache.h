// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

#include "base/sip_hash.h"
#include "cache/cached_link.h"
#include "cache/cached_link_index.h"
#include "cache/ghost_queue.h"
#include "cache/hot_answer.h"
#include "cache/options.h"

namespace ginnel::cache {

/// What a cache did since start, and what it holds now.
struct LocalCacheFigures {
  std::uint64_t hits = 0;       ///< remembered absences included
  std::uint64_t misses = 0;     ///< memory could not tell
  std::uint64_t evictions = 0;  ///< entries that left for want of room
  std::uint64_t entries = 0;    ///< now, absences included
  std::uint64_t bytes = 0;      ///< now, everything counted
};

/// Tells the time; a test's clock stands still.
using Now = std::function<std::chrono::steady_clock::time_point()>;

/// Keeps the links this core is asked for most.
///
/// Used by its own loop only: no lock. Holds at most `max_bytes`, everything counted: about 80
/// bytes a link and its target. Redirects do not age: `forget` removes what changed. Eviction is
/// S3-FIFO (Yang et al., SOSP 2023, https://doi.org/10.1145/3600006.3613147): one-off codes leave
/// by a small queue and never push out a hot link. Absences stand in a queue of their own, in the
/// order they expire and in at most a sixteenth of the memory, so that a scanner pushes out
/// nothing.
class LocalLinkCache final {
 public:
  /// How long it may be remembered that a code does not exist.
  static constexpr std::chrono::milliseconds kAbsenceLifetime{80};

  /// `key` hashes the codes: a secret, except in tests.
  explicit LocalLinkCache(LocalCacheOptions options,
                          Now now = &std::chrono::steady_clock::now,
                          SipKey key = SipKey::random());
  LocalLinkCache(const LocalLinkCache&) = delete;
  LocalLinkCache& operator=(const LocalLinkCache&) = delete;
  ~LocalLinkCache();

  /// What is known of a code; counted as a hit or a miss, and for the link's staying. Neither waits
  /// nor allocates. The text is valid until the next call that changes the cache.
  HotAnswer find(std::string_view code) noexcept;

  /// As `find`, but leaves no trace.
  HotAnswer peek(std::string_view code) const noexcept;

  /// Keeps a redirect in place of what was known of its code. Something too large to share the
  /// memory with others (a tenth of it), or for which the system has none, is not kept.
  void insert(std::string_view code, const domain::RedirectView& redirect) noexcept;

  /// Remembers that the code did not exist at `asked_at`, until kAbsenceLifetime after that
  /// instant: not at all when that is over, or when `forget` was called since.
  void insert_absent(std::string_view code,
                     std::chrono::steady_clock::time_point asked_at) noexcept;

  /// Drops what is known of a code, and every absence: one typed in another way may have been of
  /// the same link.
  void forget(std::string_view code) noexcept;

  /// Drops everything.
  void forget_all() noexcept;

  std::chrono::steady_clock::time_point now() const { return now_(); }

  /// May be called from any thread; the numbers may then be of neighbouring instants.
  LocalCacheFigures figures() const noexcept;

 private:
  /// A number that one thread writes and any may read, for the price of a plain one.
  class Tally final {
   public:
    void add() noexcept { set(get() + 1); }
    void set(std::uint64_t value) noexcept { value_.store(value, std::memory_order_relaxed); }
    std::uint64_t get() const noexcept { return value_.load(std::memory_order_relaxed); }

   private:
    std::atomic<std::uint64_t> value_ = 0;
  };

  std::uint64_t hash_of(std::string_view code) const noexcept { return SipHash13(key_)(code); }
  HotAnswer answer_of(const CachedLink& entry) const noexcept;
  std::size_t bytes_held() const noexcept;
  CachedLinkQueue& queue_of(CacheQueue queue) noexcept;

  bool make_room(std::uint64_t hash, std::size_t entry_bytes) noexcept;
  bool evict() noexcept;
  bool evict_small() noexcept;
  void evict_main() noexcept;
  void drop_absences(std::size_t entry_bytes) noexcept;
  void keep(std::uint64_t hash, CachedLink* entry) noexcept;
  void drop(std::uint64_t hash, CachedLink& entry) noexcept;
  void drop_known(std::uint64_t hash, std::string_view code) noexcept;
  void publish_sizes() noexcept;

  const std::size_t max_bytes_;
  const std::size_t small_share_;   ///< bytes of the small queue above which it gives way
  const std::size_t absent_share_;  ///< most bytes of absences
  const Now now_;
  const SipKey key_;
  CachedLinkIndex index_;
  GhostQueue ghosts_;
  CachedLinkQueue small_;
  CachedLinkQueue main_;
  CachedLinkQueue absent_;
  std::chrono::steady_clock::time_point absences_after_{};  ///< those that expire later count

  Tally hits_;
  Tally misses_;
  Tally evictions_;
  Tally entries_;
  Tally bytes_;
};

}  // namespace ginnel::cache
