// SPDX-License-Identifier: MIT
#include "clicks/agent_rules.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <re2/re2.h>
#include <stdexcept>

#include "base/text.h"

namespace ginnel::clicks {
namespace {

/// Of a pattern, its automata included. With 1 MiB the largest patterns of uap-core run out of it
/// on its own tests and are then matched ten times slower; with 4 none does.
constexpr std::int64_t kPatternBytes = std::int64_t{4} << 20;

constexpr std::size_t kMaxFamilyBytes = 64;
constexpr std::string_view kUnknown = "Other";  // as uap-core says it

/// The whole match and the groups that a family may name, $1 to $9.
using Groups = std::array<re2::StringPiece, 10>;

re2::RE2::Options options_of(const AgentRule& rule) {
  // An agent is bytes: as Latin-1 each is a character, and the automata are a third of the size.
  re2::RE2::Options options(re2::RE2::Latin1);
  options.set_case_sensitive(!rule.ignores_case);
  options.set_max_mem(kPatternBytes);
  options.set_log_errors(false);  // it would write to standard error, past the log
  return options;
}

re2::StringPiece piece_of(std::string_view text) {
  return {text.data(), text.size()};
}

std::string filled(std::string_view family, const Groups& groups) {
  std::string text;
  for (std::size_t i = 0; i < family.size(); ++i) {
    const bool names_group =
        family[i] == '$' && i + 1 < family.size() && family[i + 1] >= '1' && family[i + 1] <= '9';
    if (names_group) {
      const re2::StringPiece& group = groups[static_cast<std::size_t>(family[++i] - '0')];
      text.append(group.data(), group.size());
    } else {
      text += family[i];
    }
  }
  return text;
}

bool can_be_shown(std::string_view text) {
  return !text.empty() && text.size() <= kMaxFamilyBytes && is_letter_or_digit(text.front()) &&
         !has_control_characters(text) && utf8_length(text);
}

std::string shown(std::string_view family) {
  family = trimmed(family);
  return family == kUnknown || !can_be_shown(family) ? std::string() : std::string(family);
}

}  // namespace

AgentRules::AgentRules(std::span<const AgentRule> rules)
    : rules_(rules), patterns_(static_cast<int>(AgentLiterals::kMinLength)) {
  for (const AgentRule& rule : rules_) {
    int number = 0;  // counted by RE2 as by us
    const auto fault = patterns_.Add(piece_of(rule.pattern), options_of(rule), &number);
    if (fault != re2::RE2::NoError) {
      throw std::invalid_argument("RE2 does not take the pattern " + std::string(rule.pattern));
    }
  }
  std::vector<std::string> literals;
  patterns_.Compile(&literals);
  literals_ = AgentLiterals(std::move(literals));
}

std::string AgentRules::family(const AgentText& agent) const {
  for (const int number : candidates(agent)) {
    const re2::RE2& pattern = patterns_.GetRE2(number);
    Groups groups;
    const int asked = std::min(pattern.NumberOfCapturingGroups() + 1, 10);
    if (pattern.Match(piece_of(agent.text),
                      0,
                      agent.text.size(),
                      re2::RE2::UNANCHORED,
                      groups.data(),
                      asked)) {
      const std::string_view family = rules_[static_cast<std::size_t>(number)].family;
      return shown(filled(family.empty() ? "$1" : family, groups));
    }
  }
  return {};
}

bool AgentRules::tells(const AgentText& agent, std::string_view family) const {
  const std::vector<int> numbers = candidates(agent);
  const auto has_family_and_matches = [&](int number) {
    return rules_[static_cast<std::size_t>(number)].family == family && matches(number, agent);
  };
  const auto found = std::find_if(numbers.begin(), numbers.end(), has_family_and_matches);
  return found != numbers.end() &&
         std::none_of(numbers.begin(), found, [&](int number) { return matches(number, agent); });
}

std::vector<int> AgentRules::candidates(const AgentText& agent) const {
  std::vector<int> numbers;
  patterns_.AllPotentials(literals_.found_in(agent.lower), &numbers);
  return numbers;
}

bool AgentRules::matches(int number, const AgentText& agent) const {
  return re2::RE2::PartialMatch(piece_of(agent.text), patterns_.GetRE2(number));
}

}  // namespace ginnel::clicks
