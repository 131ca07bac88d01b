// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "clicks/agent_rules.h"
#include "clicks/agent_visitors.h"
#include "domain/click.h"

namespace ginnel::clicks {

/// What a user agent tells, as domain::Click keeps it. A text that is empty is unknown.
struct AgentFacts {
  std::string device;
  std::string browser;
  std::string system;
  domain::BotClass bot = domain::BotClass::kHuman;  ///< never kPrefetch: an agent does not tell

  friend bool operator==(const AgentFacts&, const AgentFacts&) = default;
};

/// Reads user agents by uap-core's rules, which are in the binary, and by our own table of visitors
/// (docs/decisions/0012-user-agents.md). Takes some 20 us an agent. Safe to use from several
/// threads.
class AgentParser final {
 public:
  /// Compiles the rules: some 100 ms.
  AgentParser();
  AgentParser(const AgentParser&) = delete;
  AgentParser& operator=(const AgentParser&) = delete;

  /// Any bytes may be an agent; none at all are a bot's, as every browser has one.
  AgentFacts parse(std::string_view agent) const;

  /// The version of the rules: `uap-core 0.16.0-1, own 2`.
  static std::string version();

 private:
  /// `facts` hold everything but this, an unknown device as an empty text.
  domain::BotClass visitor_of(const AgentText& agent, const AgentFacts& facts) const;

  AgentRules browsers_;
  AgentRules systems_;
  AgentRules devices_;
  AgentVisitors visitors_;
};

}  // namespace ginnel::clicks
