// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <span>

#include "base/result.h"

namespace ginnel {

/// Fills the front of the buffer with the next bytes and gives their number; 0 is the end.
using ByteSource = std::function<Result<std::size_t>(std::span<char>)>;

}  // namespace ginnel
