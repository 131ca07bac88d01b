// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include "domain/redirect.h"

namespace ginnel::cache {

/// What one block of memory really costs: glibc's malloc adds a word and rounds up to 16 bytes.
constexpr std::size_t allocated_bytes(std::size_t size) noexcept {
  constexpr std::size_t kSmallest = 32;
  const std::size_t rounded = (size + sizeof(std::size_t) + 15) / 16 * 16;
  return rounded < kSmallest ? kSmallest : rounded;
}

/// The queue an entry stands in.
enum class CacheQueue : std::uint8_t { kSmall, kMain, kAbsent };

/// One code that memory knows: a header, the code and the location in one block.
///
/// Made by `make`, ended by `destroy`; owned by the LocalLinkCache.
struct CachedLink {
  static constexpr std::size_t kMaxCodeLength = std::numeric_limits<std::uint8_t>::max();
  static constexpr std::size_t kMaxLocationLength = std::numeric_limits<std::uint32_t>::max();

  CachedLink* newer = nullptr;  ///< in its queue
  CachedLink* older = nullptr;
  domain::LinkId link;
  union {
    domain::UserId user;                            ///< of a redirect
    std::chrono::steady_clock::time_point expires;  ///< of an absence
  };
  std::uint32_t location_length = 0;
  std::uint8_t code_length = 0;
  std::uint8_t frequency = 0;  ///< hits since it entered or last passed the end of its queue, to 3
  CacheQueue queue = CacheQueue::kSmall;
  bool enabled = true;

  /// A redirect, or null when there is no memory.
  static CachedLink* make(std::string_view code, const domain::RedirectView& redirect) noexcept;

  /// An absence, or null when there is no memory.
  static CachedLink* make_absent(std::string_view code,
                                 std::chrono::steady_clock::time_point expires) noexcept;

  static void destroy(CachedLink* entry) noexcept;

  /// Memory of an entry with texts of these lengths.
  static constexpr std::size_t bytes_for(std::size_t code, std::size_t location) noexcept {
    return allocated_bytes(sizeof(CachedLink) + code + location);
  }

  std::size_t bytes() const noexcept { return bytes_for(code_length, location_length); }

  std::string_view code() const noexcept { return {text(), code_length}; }
  domain::RedirectView redirect() const noexcept {
    return {link, user, enabled, {text() + code_length, location_length}};
  }

 private:
  CachedLink() noexcept : user() {}

  static CachedLink* allocate(std::string_view code, std::string_view location) noexcept;

  /// The texts stand behind the header.
  const char* text() const noexcept { return reinterpret_cast<const char*>(this + 1); }
};

static_assert(sizeof(CachedLink) == 40, "every cached link pays for each byte");

/// A line of entries, the oldest first to leave. Owns nothing.
class CachedLinkQueue final {
 public:
  void push(CachedLink& entry) noexcept;
  void remove(CachedLink& entry) noexcept;

  CachedLink* oldest() const noexcept { return oldest_; }
  std::size_t bytes() const noexcept { return bytes_; }  ///< of the entries in it
  std::size_t size() const noexcept { return size_; }

 private:
  CachedLink* oldest_ = nullptr;
  CachedLink* newest_ = nullptr;
  std::size_t bytes_ = 0;
  std::size_t size_ = 0;
};

}  // namespace ginnel::cache
