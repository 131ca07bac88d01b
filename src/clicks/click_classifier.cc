// SPDX-License-Identifier: MIT
#include "clicks/click_classifier.h"

#include <atomic>
#include <string>
#include <string_view>
#include <utility>

#include "clicks/agent_memory.h"
#include "clicks/agent_parser.h"
#include "clicks/country_file.h"
#include "clicks/referrer_host.h"

namespace ginnel::clicks {
/// What the classifier knows, and what it remembers.
class ClickClassifier::Rules final {
 public:
  Rules(const ClickOptions& options, observability::Log& log)
      : memory_(options.agents_remembered), countries_(options.country_file, log) {}

  /// Valid until the next call.
  const AgentFacts& facts_of(std::string_view agent) {
    if (const AgentFacts* remembered = memory_.find(agent)) {
      known_.fetch_add(1, std::memory_order_relaxed);
      return *remembered;
    }
    new_.fetch_add(1, std::memory_order_relaxed);
    return memory_.insert(agent, parser_.parse(agent));
  }

  std::string country(const ClientNetwork& network) { return countries_.country(network); }
  const std::string& version() const { return version_; }

  ClassifierFigures figures() const noexcept {
    return {.agents_known = known_.load(std::memory_order_relaxed),
            .agents_new = new_.load(std::memory_order_relaxed)};
  }

 private:
  const AgentParser parser_;
  const std::string version_ = AgentParser::version();
  AgentMemory memory_;
  CountryFile countries_;
  std::atomic<std::uint64_t> known_ = 0;
  std::atomic<std::uint64_t> new_ = 0;
};

ClickClassifier::ClickClassifier(const ClickOptions& options, observability::Log& log)
    : rules_(std::make_unique<Rules>(options, log)) {}

ClickClassifier::~ClickClassifier() = default;

domain::Click ClickClassifier::classify(const ClickRecord& record) {
  const AgentFacts& facts = rules_->facts_of(record.user_agent);
  domain::Click click;
  click.at = record.at;
  click.code = record.code;
  click.link = record.link;
  click.user = record.user;
  click.referrer = referrer_host(record.referrer);
  click.country = rules_->country(record.network);
  click.device = facts.device;
  click.browser = facts.browser;
  click.system = facts.system;
  click.bot = record.prefetch ? domain::BotClass::kPrefetch : facts.bot;
  click.visitor = record.visitor;
  click.network = to_text(record.network);
  click.rules = rules_->version();
  return click;
}

ClassifierFigures ClickClassifier::figures() const noexcept {
  return rules_->figures();
}

}  // namespace ginnel::clicks
