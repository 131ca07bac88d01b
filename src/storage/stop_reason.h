// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ginnel::storage {

/// Why a database takes no changes. What is worse comes later.
enum class StopReason : std::uint8_t {
  kNone,
  kDisk,     ///< the disk failed or is full: until a commit for trial succeeds
  kMoved,    ///< one of its files is not where it was: until it is back
  kDamaged,  ///< until a restart
};

/// By StopReason; kNone has no name.
inline constexpr std::array<std::string_view, 4> kStopReasons = {"", "disk", "moved", "damaged"};

constexpr std::string_view to_text(StopReason reason) noexcept {
  return kStopReasons[static_cast<std::size_t>(reason)];
}

}  // namespace ginnel::storage
