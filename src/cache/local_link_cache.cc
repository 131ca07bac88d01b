// SPDX-License-Identifier: MIT
#include "cache/local_link_cache.h"

#include <utility>

namespace ginnel::cache {
namespace {

/// The small queue's share of the memory: a tenth, as in the paper (section 4.2).
constexpr std::size_t kSmallShare = 10;
/// The absences' share.
constexpr std::size_t kAbsentShare = 16;
/// One ghost for every 256 bytes of memory, about half as many as there are entries. The paper
/// takes as many as the main queue holds; in local_link_cache_hit_ratio_test.cc half of that gave
/// 0.1 to 0.4 points more, and a quarter less than the half.
constexpr std::size_t kBytesPerGhost = 256;
/// A guess at the bytes of an entry, for the number of the index's tables.
constexpr std::size_t kBytesPerEntry = 112;

constexpr std::uint8_t kMostHits = 3;       ///< two bits, as in the paper
constexpr std::uint8_t kHitsToPromote = 2;  ///< "accessed more than once", as in the paper

/// Entries that one eviction may spare before it takes the next one whatever its hits. The paper
/// has no such bound: with every entry at three hits one insertion would walk the whole queue three
/// times, 50 ms for 300,000 links. 64 steps are a few microseconds and cost nothing measurable in
/// hits (local_link_cache_hit_ratio_test.cc).
constexpr int kLongestWalk = 64;
/// Expired absences that one insertion clears away: more than the one it can add.
constexpr int kAbsencesToDrop = 8;

}  // namespace

LocalLinkCache::LocalLinkCache(LocalCacheOptions options, Now now, SipKey key)
    : max_bytes_(options.max_bytes),
      small_share_(options.max_bytes / kSmallShare),
      absent_share_(options.max_bytes / kAbsentShare),
      now_(std::move(now)),
      key_(key),
      index_(options.max_bytes / kBytesPerEntry),
      ghosts_(options.max_bytes / kBytesPerGhost) {
  publish_sizes();
}

LocalLinkCache::~LocalLinkCache() {
  forget_all();
}

HotAnswer LocalLinkCache::find(std::string_view code) noexcept {
  CachedLink* const entry = index_.find(hash_of(code), code);
  HotAnswer answer;
  if (entry != nullptr) {
    answer = answer_of(*entry);
    if (entry->frequency < kMostHits) {
      ++entry->frequency;
    }
  }
  (answer.kind == HotAnswer::Kind::kUnknown ? misses_ : hits_).add();
  return answer;
}

HotAnswer LocalLinkCache::peek(std::string_view code) const noexcept {
  const CachedLink* const entry = index_.find(hash_of(code), code);
  return entry == nullptr ? HotAnswer() : answer_of(*entry);
}

HotAnswer LocalLinkCache::answer_of(const CachedLink& entry) const noexcept {
  if (entry.queue != CacheQueue::kAbsent) {
    return {HotAnswer::Kind::kFound, entry.redirect()};
  }
  const bool expired = entry.expires <= absences_after_ || entry.expires <= now_();
  return {expired ? HotAnswer::Kind::kUnknown : HotAnswer::Kind::kAbsent, {}};
}

void LocalLinkCache::insert(std::string_view code, const domain::RedirectView& redirect) noexcept {
  const std::uint64_t hash = hash_of(code);
  drop_known(hash, code);
  drop_absences(0);
  const std::size_t needed = CachedLink::bytes_for(code.size(), redirect.location.size());
  if (code.size() > CachedLink::kMaxCodeLength || needed > small_share_ ||
      redirect.location.size() > CachedLink::kMaxLocationLength || !make_room(hash, needed)) {
    publish_sizes();
    return;
  }
  CachedLink* const entry = CachedLink::make(code, redirect);
  if (entry != nullptr && ghosts_.take(hash)) {
    entry->queue = CacheQueue::kMain;
  }
  keep(hash, entry);
}

void LocalLinkCache::insert_absent(std::string_view code,
                                   std::chrono::steady_clock::time_point asked_at) noexcept {
  const std::uint64_t hash = hash_of(code);
  drop_known(hash, code);
  const std::size_t needed = CachedLink::bytes_for(code.size(), 0);
  drop_absences(needed);
  const auto expires = asked_at + kAbsenceLifetime;
  if (code.size() > CachedLink::kMaxCodeLength || needed > absent_share_ || expires <= now_() ||
      expires <= absences_after_ || !make_room(hash, needed)) {
    publish_sizes();
    return;
  }
  keep(hash, CachedLink::make_absent(code, expires));
}

/// Takes in an entry for which there is room; null when the system had no memory for it.
void LocalLinkCache::keep(std::uint64_t hash, CachedLink* entry) noexcept {
  if (entry != nullptr && index_.insert(hash, *entry)) {
    queue_of(entry->queue).push(*entry);
  } else if (entry != nullptr) {
    CachedLink::destroy(entry);
  }
  publish_sizes();
}

/// The absences are only voided: to drop a scanner's thousands would keep the loop.
void LocalLinkCache::forget(std::string_view code) noexcept {
  drop_known(hash_of(code), code);
  absences_after_ = now_() + kAbsenceLifetime;
  publish_sizes();
}

/// Drops what is known of a code. A link that had earned its place comes back to it: the ghost
/// queue sends its new value to the main one.
void LocalLinkCache::drop_known(std::uint64_t hash, std::string_view code) noexcept {
  CachedLink* const entry = index_.find(hash, code);
  if (entry == nullptr) {
    return;
  }
  if (entry->queue == CacheQueue::kMain) {
    ghosts_.push(hash);
  }
  drop(hash, *entry);
}

void LocalLinkCache::forget_all() noexcept {
  index_.clear();
  ghosts_.clear();
  for (CachedLinkQueue* const queue : {&small_, &main_, &absent_}) {
    while (CachedLink* const entry = queue->oldest()) {
      queue->remove(*entry);
      CachedLink::destroy(entry);
    }
  }
  publish_sizes();
}

void LocalLinkCache::drop(std::uint64_t hash, CachedLink& entry) noexcept {
  index_.remove(hash, entry);
  queue_of(entry.queue).remove(entry);
  CachedLink::destroy(&entry);
}

/// Evicts until an entry of this size fits, with the larger table its slot may need.
bool LocalLinkCache::make_room(std::uint64_t hash, std::size_t entry_bytes) noexcept {
  while (bytes_held() + entry_bytes + index_.growth_bytes(hash) > max_bytes_) {
    if (!evict()) {
      return false;
    }
    evictions_.add();
  }
  return true;
}

bool LocalLinkCache::evict() noexcept {
  if (small_.bytes() > small_share_ && evict_small()) {
    return true;
  }
  if (main_.oldest() != nullptr) {
    evict_main();
    return true;
  }
  if (evict_small()) {
    return true;
  }
  if (CachedLink* const entry = absent_.oldest()) {
    drop(hash_of(entry->code()), *entry);
    return true;
  }
  return false;
}

/// Evicts the oldest of the small queue that was not asked for again; those that were move to the
/// main queue. False when all moved.
bool LocalLinkCache::evict_small() noexcept {
  for (int spared = 0; CachedLink* const entry = small_.oldest(); ++spared) {
    if (entry->frequency < kHitsToPromote || spared == kLongestWalk) {
      const std::uint64_t hash = hash_of(entry->code());
      ghosts_.push(hash);
      drop(hash, *entry);
      return true;
    }
    small_.remove(*entry);
    entry->queue = CacheQueue::kMain;
    entry->frequency = 0;
    main_.push(*entry);
  }
  return false;
}

/// Evicts the oldest of the main queue, which is not empty, that was not asked for since it last
/// came to the end; the others start again with one hit less.
void LocalLinkCache::evict_main() noexcept {
  CachedLink* entry = main_.oldest();
  for (int spared = 0; entry->frequency > 0 && spared < kLongestWalk; ++spared) {
    --entry->frequency;
    main_.remove(*entry);
    main_.push(*entry);
    entry = main_.oldest();
  }
  drop(hash_of(entry->code()), *entry);
}

/// Drops absences that expired, and more when one of `entry_bytes` would not fit in their share.
void LocalLinkCache::drop_absences(std::size_t entry_bytes) noexcept {
  if (absent_.oldest() == nullptr) {
    return;
  }
  const auto now = now_();
  int dropped = 0;
  while (CachedLink* const entry = absent_.oldest()) {
    const bool too_many = absent_.bytes() + entry_bytes > absent_share_;
    if (!too_many && (entry->expires > now || dropped == kAbsencesToDrop)) {
      return;
    }
    drop(hash_of(entry->code()), *entry);
    ++dropped;
  }
}

CachedLinkQueue& LocalLinkCache::queue_of(CacheQueue queue) noexcept {
  CachedLinkQueue* const queues[] = {&small_, &main_, &absent_};  // as CacheQueue has them
  return *queues[static_cast<std::size_t>(queue)];
}

std::size_t LocalLinkCache::bytes_held() const noexcept {
  return sizeof(*this) + index_.bytes() + ghosts_.bytes() + small_.bytes() + main_.bytes() +
         absent_.bytes();
}

void LocalLinkCache::publish_sizes() noexcept {
  entries_.set(small_.size() + main_.size() + absent_.size());
  bytes_.set(bytes_held());
}

LocalCacheFigures LocalLinkCache::figures() const noexcept {
  return {hits_.get(), misses_.get(), evictions_.get(), entries_.get(), bytes_.get()};
}

}  // namespace ginnel::cache
