// SPDX-License-Identifier: MIT
#pragma once

namespace ginnel {

/// Empties a string or container and gives its memory back, which neither `clear()` nor `= {}`
/// does: both keep the capacity (libstdc++ 12, also where a short string is moved in).
template <class Container>
void release_memory(Container& container) noexcept {
  Container().swap(container);
}

}  // namespace ginnel
