// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace ginnel {

/// The first byte of [at, end) that is below `lowest` or above `~`; `end` when there is none. Looks
/// at eight bytes at a time: borrows and carries only disturb bytes behind the first that is found
/// (H. S. Warren, Hacker's Delight, section 6-1).
template <unsigned char lowest>
inline const char* find_unprintable(const char* at, const char* end) noexcept {
  constexpr std::uint64_t kOnes = 0x0101'0101'0101'0101;
  constexpr std::uint64_t kHighBits = kOnes << 7u;
  if constexpr (std::endian::native == std::endian::little) {
    while (end - at >= 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, at, sizeof word);
      const std::uint64_t below = (word - kOnes * lowest) & ~word;
      const std::uint64_t above = (word + kOnes) | word;
      if (const std::uint64_t found = (below | above) & kHighBits; found != 0) {
        return at + std::countr_zero(found) / 8;
      }
      at += 8;
    }
  }
  while (at != end && *at >= static_cast<char>(lowest) && *at <= '~') {
    ++at;
  }
  return at;
}

/// Whether `text` is ASCII without control characters; with `lowest` `!` without spaces too.
template <unsigned char lowest = ' '>
inline bool is_printable(std::string_view text) noexcept {
  const char* const end = text.data() + text.size();
  return find_unprintable<lowest>(text.data(), end) == end;
}

}  // namespace ginnel
