// SPDX-License-Identifier: MIT
#include "base/random.h"

#include <bit>
#include <cerrno>
#include <sys/random.h>
#include <system_error>

namespace ginnel {

void fill_with_entropy(std::span<std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const auto count = ::getrandom(bytes.data(), bytes.size(), 0);
    if (count < 0 && errno != EINTR) {
      throw std::system_error(errno, std::generic_category(), "getrandom");
    }
    if (count > 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
  }
}

FastRandom::FastRandom() {
  fill_with_entropy({reinterpret_cast<std::uint8_t*>(state_), sizeof state_});
  state_[0] |= 1;  // all zeros is the one state it cannot leave
}

std::uint64_t FastRandom::next() noexcept {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

}  // namespace ginnel
