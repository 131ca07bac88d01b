// SPDX-License-Identifier: MIT
#include "clicks/click_classifier.h"

#include "clicks/referrer_host.h"

namespace ginnel::clicks {

/// Valid until the next call.
const AgentFacts& ClickClassifier::facts_of(std::string_view agent) {
  if (const AgentFacts* remembered = memory_.find(agent)) {
    known_.fetch_add(1, std::memory_order_relaxed);
    return *remembered;
  }
  new_.fetch_add(1, std::memory_order_relaxed);
  if (!parser_) {
    parser_.emplace();
  }
  return memory_.insert(agent, parser_->parse(agent));
}

domain::Click ClickClassifier::classify(const ClickRecord& record) {
  const AgentFacts& facts = facts_of(record.user_agent);
  domain::Click click;
  click.at = record.at;
  click.code = record.code;
  click.link = record.link;
  click.user = record.user;
  click.referrer = referrer_host(record.referrer);
  click.country = countries_.country(record.network);
  click.device = facts.device;
  click.browser = facts.browser;
  click.system = facts.system;
  click.bot = record.prefetch ? domain::BotClass::kPrefetch : facts.bot;
  click.visitor = record.visitor;
  click.network = to_text(record.network);
  click.rules = version_;
  return click;
}

}  // namespace ginnel::clicks
