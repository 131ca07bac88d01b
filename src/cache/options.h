// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace ginnel::cache {

struct LocalCacheOptions {
  /// Memory for the entries of this core: index, texts and bookkeeping. 0 keeps nothing.
  std::size_t max_bytes = 32u << 20;
};

}  // namespace ginnel::cache
