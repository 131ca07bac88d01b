// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>

#include "base/error.h"
#include "observability/log.h"

namespace ginnel::clicks {

/// Tells the log when a journal runs out of room, and when it has some again: once each, however
/// often it is asked in between. Used by one thread.
class JournalRoom final {
 public:
  /// `log` must outlive it.
  explicit JournalRoom(observability::Log& log) noexcept : log_(log) {}

  /// What became of the journal until now: why no segment could be prepared for a core that wants
  /// one, and how many clicks were written and dropped since start. There is room again when some
  /// were written, none dropped, and no core waits: not when merely nobody clicked.
  void note(const std::optional<Error>& fault, std::uint64_t written, std::uint64_t dropped);

 private:
  observability::Log& log_;
  bool out_of_room_ = false;
  std::uint64_t dropped_before_ = 0;  ///< when room ran out
  std::uint64_t written_ = 0;         ///< at the last look
  std::uint64_t dropped_ = 0;         ///< at the last look
};

}  // namespace ginnel::clicks
