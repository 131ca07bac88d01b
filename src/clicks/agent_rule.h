// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace ginnel::clicks {

/// A row of uap-core's regexes.yaml, as far as it tells a family.
struct AgentRule {
  std::string_view pattern;
  std::string_view family;  ///< `$1` to `$9` stand for the pattern's groups; empty: its first group
  bool ignores_case = false;
};

}  // namespace ginnel::clicks
