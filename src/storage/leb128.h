// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ginnel::storage {

// Numbers as few bytes: seven bits a byte, the lowest first, the highest bit set in all but the
// last (unsigned LEB128: DWARF 5, 7.6).

void append_number(std::string& bytes, std::uint64_t number);

/// Takes a number off the beginning of `bytes`; nothing when there is none, or a longer form of it.
std::optional<std::uint64_t> take_number(std::string_view& bytes) noexcept;

}  // namespace ginnel::storage
