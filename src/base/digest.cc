// SPDX-License-Identifier: MIT
#include "base/digest.h"

#include <array>
#include <cstdint>
#include <sodium.h>

#include "base/hex.h"

namespace ginnel {

std::string digest_of(std::string_view bytes) {
  std::array<std::uint8_t, crypto_generichash_BYTES_MIN> hash{};
  const auto* const data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  crypto_generichash(hash.data(), hash.size(), data, bytes.size(), nullptr, 0);
  return to_hex(hash);
}

}  // namespace ginnel
