// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <list>
#include <map>
#include <string>
#include <string_view>

#include "clicks/agent_parser.h"

namespace ginnel::clicks {

/// Remembers what the user agents told that were met last: most clicks come with one of a few
/// hundred. When it is full the agent that was not met for longest is forgotten. Used by one
/// thread.
///
/// An ordered map, not a hash table: visitors choose the agents, and could choose colliding ones.
class AgentMemory final {
 public:
  /// `most` agents, one at least: up to 600 bytes each.
  explicit AgentMemory(std::size_t most) : most_(most == 0 ? 1 : most) {}

  /// What an agent told, or nullptr. Valid until the next call.
  const AgentFacts* find(std::string_view agent);

  /// Remembers what an agent told that `find` did not know. Valid until the next call.
  const AgentFacts& insert(std::string_view agent, AgentFacts facts);

 private:
  struct Entry {
    std::string agent;
    AgentFacts facts;
  };

  std::size_t most_;
  std::list<Entry> entries_;                                         ///< the one met last in front
  std::map<std::string_view, std::list<Entry>::iterator> by_agent_;  ///< views into the entries
};

}  // namespace ginnel::clicks
