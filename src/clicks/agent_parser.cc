// SPDX-License-Identifier: MIT
#include "clicks/agent_parser.h"

#include "agent_rule_lists.h"
#include "base/text.h"
#include "clicks/agent_device.h"
#include "clicks/agent_shape.h"

namespace ginnel::clicks {

using domain::BotClass;

namespace {

/// Whether an agent in lower case, in which no word of a machine was found, is no browser's. A
/// tool's own name is all there is in its agent (`curl`, `AHC/2.0`); a browser names its device or
/// system, or it calls itself Mozilla, Opera or a browser and is one that the rules know.
bool is_script(std::string_view lower, const AgentFacts& facts) noexcept {
  const auto has = [lower](std::string_view word) {
    return lower.find(word) != std::string_view::npos;
  };
  if (facts.system.empty() && facts.device.empty()) {
    return facts.browser.empty() || !(has("mozilla/") || has("opera") || has("browser/"));
  }
  // Small devices are many and have browsers that nobody else knows; computers have not.
  return facts.device == "desktop" && facts.browser.empty() && !has("browser") && !has("firefox/");
}

}  // namespace

AgentParser::AgentParser()
    : browsers_(embedded::kBrowserRules),
      systems_(embedded::kSystemRules),
      devices_(embedded::kDeviceRules) {}

AgentFacts AgentParser::parse(std::string_view agent) const {
  const std::string read = without_machine_like_devices(agent);
  const std::string lower = ascii_lower(read);
  const AgentText text{.text = read, .lower = lower};
  AgentFacts facts;
  facts.browser = browsers_.family(text);
  facts.system = systems_.family(text);
  facts.device = device_of(lower);
  facts.bot = visitor_of(text, facts);
  // A machine's agent names the device whose page it wants to be shown.
  if (facts.device.empty() || facts.bot != BotClass::kHuman) {
    facts.device = "other";
  }
  return facts;
}

std::string AgentParser::version() {
  return "uap-core " + std::string(embedded::kAgentRulesVersion) + ", own " +
         std::string(AgentVisitors::kVersion);
}

BotClass AgentParser::visitor_of(const AgentText& agent, const AgentFacts& facts) const {
  if (is_text_browser(agent.lower)) {
    return BotClass::kHuman;
  }
  if (const auto known = visitors_.find(agent.lower)) {
    return *known;
  }
  const bool is_machine = names_its_owner(agent.lower) || imitates_a_browser(agent.lower) ||
                          is_script(agent.lower, facts) || devices_.tells(agent, "Spider");
  return is_machine ? BotClass::kBot : BotClass::kHuman;
}

}  // namespace ginnel::clicks
