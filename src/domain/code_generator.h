// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "domain/ids.h"
#include "domain/short_code.h"

namespace ginnel::domain {

/// Six Base62 characters: 62^6 = 56.8 thousand million codes.
inline constexpr std::size_t kDefaultCodeLength = 6;

/// How long a new code has to be when `taken` links exist: the shortest length of at least
/// `kDefaultCodeLength` whose space is at most 1 % full, so that a random code collides with a
/// chance below 1 in 100.
std::size_t code_length_for(std::uint64_t taken) noexcept;

/// A code of `length` characters of 0-9 A-Z a-z, each equally likely (rejection sampling), from the
/// operating system's entropy. Never a reserved word. Whether it is free is decided by the store's
/// unique index alone.
ShortCode random_code(std::size_t length);

/// Whether `random_code` may have made the code of the link with this number: as it was made, fewer
/// links than that existed. Otherwise a person chose it, or another program made it.
bool may_be_random(std::string_view code, LinkId link) noexcept;

}  // namespace ginnel::domain
