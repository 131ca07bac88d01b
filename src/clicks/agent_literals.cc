// SPDX-License-Identifier: MIT
#include "clicks/agent_literals.h"

#include <stdexcept>
#include <utility>

namespace ginnel::clicks {

AgentLiterals::AgentLiterals(std::vector<std::string> literals) : literals_(std::move(literals)) {
  for (std::size_t i = 0; i < literals_.size(); ++i) {
    if (literals_[i].size() < kMinLength) {
      throw std::invalid_argument("literal is too short: " + literals_[i]);
    }
    const Beginning beginning = beginning_of(literals_[i].data());
    by_beginning_[beginning].push_back(static_cast<int>(i));
    begins_.set(bit_of(beginning));
  }
}

std::vector<int> AgentLiterals::found_in(std::string_view text) const {
  std::vector<int> found;
  for (; text.size() >= kMinLength; text.remove_prefix(1)) {
    const Beginning beginning = beginning_of(text.data());
    if (!begins_.test(bit_of(beginning))) {
      continue;
    }
    const auto candidates = by_beginning_.find(beginning);
    if (candidates == by_beginning_.end()) {
      continue;
    }
    for (const int number : candidates->second) {
      if (text.starts_with(literals_[static_cast<std::size_t>(number)])) {
        found.push_back(number);
      }
    }
  }
  return found;
}

AgentLiterals::Beginning AgentLiterals::beginning_of(const char* text) noexcept {
  const auto byte = [text](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  return Beginning{byte(0)} | Beginning{byte(1)} << 8u | Beginning{byte(2)} << 16u;
}

std::size_t AgentLiterals::bit_of(Beginning beginning) noexcept {
  constexpr Beginning kGolden = 0x9e3779b1u;  // Knuth's multiplicative hash: TAOCP 3, 6.4
  return static_cast<Beginning>(beginning * kGolden) >> 16u;
}

}  // namespace ginnel::clicks
