// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>

namespace ginnel {

/// Fills `bytes` from the operating system's generator (getrandom(2)): unpredictable, for short
/// codes and ids that must not be guessed. Throws std::system_error when the kernel refuses.
void fill_with_entropy(std::span<std::uint8_t> bytes);

/// A fast, predictable generator for request ids: xoshiro256** (Blackman and Vigna, 2018,
/// https://prng.di.unimi.it), seeded from the system's entropy. One for each thread that needs it.
class FastRandom final {
 public:
  FastRandom();

  std::uint64_t next() noexcept;

 private:
  std::uint64_t state_[4];
};

}  // namespace ginnel
