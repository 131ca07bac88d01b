// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>

namespace ginnel {

/// When a wait ends at the latest.
using Deadline = std::chrono::steady_clock::time_point;

inline constexpr Deadline kNoDeadline = Deadline::max();

/// On whose behalf something is asked of a store, and until when the answer is of use. It is the
/// last parameter of every such call, by value: what was asked may go on after the caller is gone.
///
///     const auto link = co_await links.find(id, call_of(request));
///
/// Whoever asks for itself, as the start-up does, gives an empty one.
struct CallContext {
  std::string who = "anonymous";    ///< what service::ApiKeys calls the owner of the key
  std::string request_id;           ///< the one in the log, in error bodies and in the trail
  Deadline deadline = kNoDeadline;  ///< beside the store's own limit: whichever comes first
};

}  // namespace ginnel
