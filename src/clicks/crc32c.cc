// SPDX-License-Identifier: MIT
#include "clicks/crc32c.h"

#include <isa-l/crc.h>

namespace ginnel::clicks {

std::uint32_t crc32c(std::string_view bytes) noexcept {
  // ISA-L leaves the two inversions to its caller, and does not change what it reads.
  auto* const first = reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data()));
  return ~crc32_iscsi(first, static_cast<int>(bytes.size()), ~0u);
}

}  // namespace ginnel::clicks
