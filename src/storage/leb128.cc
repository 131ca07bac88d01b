// SPDX-License-Identifier: MIT
#include "storage/leb128.h"

namespace ginnel::storage {

void append_number(std::string& bytes, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7u) {
    bytes += static_cast<char>(number | 0x80u);
  }
  bytes += static_cast<char>(number);
}

std::optional<std::uint64_t> take_number(std::string_view& bytes) noexcept {
  std::uint64_t number = 0;
  for (unsigned shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    number |= std::uint64_t{byte & 0x7fu} << shift;
    if (byte < 0x80) {
      const bool is_shortest = byte != 0 || shift == 0;
      return is_shortest ? std::optional(number) : std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace ginnel::storage
