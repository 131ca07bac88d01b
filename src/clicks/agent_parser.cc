// SPDX-License-Identifier: MIT
#include "clicks/agent_parser.h"

#include "agent_rule_lists.h"
#include "base/text.h"
#include "clicks/agent_device.h"

namespace ginnel::clicks {

using domain::BotClass;

AgentParser::AgentParser()
    : browsers_(embedded::kBrowserRules),
      systems_(embedded::kSystemRules),
      devices_(embedded::kDeviceRules) {}

AgentFacts AgentParser::parse(std::string_view agent) const {
  const std::string lower = ascii_lower(agent);
  const AgentText text{.text = agent, .lower = lower};
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
  if (const auto known = visitors_.find(agent.lower)) {
    return *known;
  }
  // A person's agent names a browser, or a system or device at least; what names none is a script.
  const bool names_nothing = facts.browser.empty() && facts.system.empty() && facts.device.empty();
  return names_nothing || devices_.tells(agent, "Spider") ? BotClass::kBot : BotClass::kHuman;
}

}  // namespace ginnel::clicks
