// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

namespace ginnel::clicks {

/// CRC32C of `bytes` (Castagnoli's polynomial, RFC 3720 appendix B.4), by ISA-L, which takes what
/// the processor is best at.
std::uint32_t crc32c(std::string_view bytes) noexcept;

}  // namespace ginnel::clicks
