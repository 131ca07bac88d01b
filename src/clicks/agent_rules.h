// SPDX-License-Identifier: MIT
#pragma once

#include <re2/filtered_re2.h>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "clicks/agent_literals.h"
#include "clicks/agent_rule.h"

namespace ginnel::clicks {

/// A user agent as the rules look at it. Its texts outlive it.
struct AgentText {
  std::string_view text;
  std::string_view lower;  ///< the same in lower case (ASCII)
};

/// A list of uap-core's rules, compiled: the first that matches a user agent tells its family
/// (https://github.com/ua-parser/uap-core/blob/master/docs/specification.md).
///
/// Patterns are tried only on agents that hold the texts without which they cannot match: of some
/// hundred a handful. Safe to use from several threads.
class AgentRules final {
 public:
  /// `rules` must outlive it. Throws std::invalid_argument for a pattern that RE2 does not take.
  explicit AgentRules(std::span<const AgentRule> rules);

  /// The family of an agent; empty when no rule matches, when it is `Other`, and when it is no name
  /// that one wants to show: over 64 bytes, not UTF-8, with control characters, beginning with
  /// something else than a letter or digit (the rules take `) Bot` for one).
  std::string family(const AgentText& agent) const;

  /// Whether the rule that tells the agent's family has `family` written in it. Tries the rules
  /// before it only when a rule with that family matches, which saves nearly all of the work where
  /// few agents have it.
  bool tells(const AgentText& agent, std::string_view family) const;

 private:
  /// The numbers of the rules that may match, in their order.
  std::vector<int> candidates(const AgentText& agent) const;

  bool matches(int number, const AgentText& agent) const;

  std::span<const AgentRule> rules_;
  re2::FilteredRE2 patterns_;
  AgentLiterals literals_;
};

}  // namespace ginnel::clicks
