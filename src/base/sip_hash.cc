// SPDX-License-Identifier: MIT
#include "base/sip_hash.h"

#include <array>
#include <bit>

#include "base/random.h"

namespace ginnel {

SipKey SipKey::random() {
  std::array<std::uint8_t, sizeof(SipKey)> bytes{};
  fill_with_entropy(bytes);
  return std::bit_cast<SipKey>(bytes);
}

}  // namespace ginnel
