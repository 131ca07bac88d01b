// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace ginnel {

/// Two lower-case hex digits a byte.
std::string to_hex(std::span<const std::uint8_t> bytes);

/// Reads what `to_hex` writes into `bytes`; false, with `bytes` in no known state, when `text` is
/// not two such digits for each of them.
bool from_hex(std::string_view text, std::span<std::uint8_t> bytes) noexcept;

}  // namespace ginnel
