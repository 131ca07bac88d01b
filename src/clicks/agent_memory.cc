// SPDX-License-Identifier: MIT
#include "clicks/agent_memory.h"

#include <utility>

namespace ginnel::clicks {

const AgentFacts* AgentMemory::find(std::string_view agent) {
  const auto found = by_agent_.find(agent);
  if (found == by_agent_.end()) {
    return nullptr;
  }
  entries_.splice(entries_.begin(), entries_, found->second);
  return &found->second->facts;
}

const AgentFacts& AgentMemory::insert(std::string_view agent, AgentFacts facts) {
  if (entries_.size() >= most_) {
    by_agent_.erase(entries_.back().agent);
    entries_.pop_back();
  }
  const Entry& entry = entries_.emplace_front(Entry{std::string(agent), std::move(facts)});
  by_agent_.emplace(entry.agent, entries_.begin());
  return entry.facts;
}

}  // namespace ginnel::clicks
