// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace ginnel::cache {

/// Remembers which codes left the small queue not long ago: S3-FIFO's ghost queue.
///
/// Holds two bytes a code, in buckets that are small queues of their own: a code is forgotten once
/// about `capacity` others came after it. May take one code for another (16 of 65,536): then one
/// entry starts in the main queue that should have started in the small one, and nothing else.
class GhostQueue final {
 public:
  /// Room for at least `capacity` codes; none when it is 0.
  explicit GhostQueue(std::size_t capacity);

  void push(std::uint64_t hash) noexcept;

  /// Whether the code was here; it no longer is.
  bool take(std::uint64_t hash) noexcept;

  void clear() noexcept;

  /// Memory held, the same from the first moment on.
  std::size_t bytes() const noexcept { return buckets_.size() * sizeof(Bucket); }

 private:
  static constexpr std::size_t kBucketSize = 16;  ///< 32 bytes: never across two cache lines

  /// Fingerprints, the youngest first; 0 is an empty place.
  struct alignas(32) Bucket {
    std::array<std::uint16_t, kBucketSize> codes{};
  };

  Bucket& bucket_of(std::uint64_t hash) noexcept;
  static std::uint16_t fingerprint(std::uint64_t hash) noexcept;

  std::vector<Bucket> buckets_;
};

}  // namespace ginnel::cache
