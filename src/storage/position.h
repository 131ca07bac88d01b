// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <cstdint>

namespace ginnel::storage {

/// How far the changes of a store had come.
///
/// Of a commit it is later than those of the commits which that follows. Of a read it is a promise:
/// every change up to there is in what was read; later ones may be. So what was read may be older
/// than a change whose position is later, and is not older than any other (docs/decisions/0040).
///
/// It is compared and nothing else, with those of the same open store.
struct Position {
  std::uint64_t value = 0;

  friend auto operator<=>(const Position&, const Position&) = default;
};

}  // namespace ginnel::storage
