// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "clicks/agent_literals.h"
#include "domain/click.h"

namespace ginnel::clicks {

/// Knows visitors that are not people by words in their user agents: our own table, which is newer
/// than uap-core's rules and tells previews and monitors from the rest. Safe to use from several
/// threads.
class AgentVisitors final {
 public:
  /// Goes up with each change of the table: part of Click::rules.
  static constexpr std::string_view kVersion = "2";

  AgentVisitors();

  /// The kind of visitor behind an agent in lower case; nothing when no word of the table is in it:
  /// a person, or somebody the table does not know.
  std::optional<domain::BotClass> find(std::string_view lower_agent) const;

 private:
  struct Word {
    std::string_view text;  ///< as the table has it
    domain::BotClass bot;
  };

  std::vector<Word> words_;  ///< in the order of the table
  AgentLiterals literals_;   ///< what stands in them
};

}  // namespace ginnel::clicks
