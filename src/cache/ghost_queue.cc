// SPDX-License-Identifier: MIT
#include "cache/ghost_queue.h"

#include <algorithm>

namespace ginnel::cache {

GhostQueue::GhostQueue(std::size_t capacity)
    : buckets_((capacity + kBucketSize - 1) / kBucketSize) {}

void GhostQueue::push(std::uint64_t hash) noexcept {
  if (buckets_.empty()) {
    return;
  }
  auto& codes = bucket_of(hash).codes;
  std::shift_right(codes.begin(), codes.end(), 1);
  codes.front() = fingerprint(hash);
}

bool GhostQueue::take(std::uint64_t hash) noexcept {
  if (buckets_.empty()) {
    return false;
  }
  auto& codes = bucket_of(hash).codes;
  const auto found = std::find(codes.begin(), codes.end(), fingerprint(hash));
  if (found == codes.end()) {
    return false;
  }
  std::shift_left(found, codes.end(), 1);
  codes.back() = 0;
  return true;
}

void GhostQueue::clear() noexcept {
  std::fill(buckets_.begin(), buckets_.end(), Bucket());
}

GhostQueue::Bucket& GhostQueue::bucket_of(std::uint64_t hash) noexcept {
  return buckets_[((hash >> 32u) * buckets_.size()) >> 32u];
}

std::uint16_t GhostQueue::fingerprint(std::uint64_t hash) noexcept {
  const auto low = static_cast<std::uint16_t>(hash);
  return low == 0 ? std::uint16_t{1} : low;
}

}  // namespace ginnel::cache
