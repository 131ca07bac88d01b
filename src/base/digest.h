// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace ginnel {

/// 32 hex digits of a hash of these bytes (BLAKE2b, 128 bits): nobody can make two texts of one
/// digest.
std::string digest_of(std::string_view bytes);

}  // namespace ginnel
