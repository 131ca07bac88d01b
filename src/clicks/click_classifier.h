// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "clicks/agent_memory.h"
#include "clicks/agent_parser.h"
#include "clicks/click_record.h"
#include "clicks/country_file.h"
#include "clicks/options.h"
#include "domain/click.h"
#include "observability/log.h"

namespace ginnel::clicks {

struct ClassifierFigures {
  std::uint64_t agents_known = 0;  ///< user agents that were remembered, since start
  std::uint64_t agents_new = 0;    ///< that all rules had to be tried on
};

/// Turns a click's raw facts into what is kept of it: device, browser, system, kind of visitor,
/// host of the referrer, country. Used by one thread; `figures` by any.
class ClickClassifier final {
 public:
  /// A country file that cannot be read is logged and tried again when it changes. `log` must
  /// outlive it. The rules are compiled for the first click (some 100 ms, 7 MB): where none comes,
  /// none are kept.
  ClickClassifier(const ClickOptions& options, observability::Log& log)
      : memory_(options.agents_remembered), countries_(options.country_file, log) {}

  /// Everything but the id.
  domain::Click classify(const ClickRecord& record);

  ClassifierFigures figures() const noexcept {
    return {.agents_known = known_.load(std::memory_order_relaxed),
            .agents_new = new_.load(std::memory_order_relaxed)};
  }

 private:
  const AgentFacts& facts_of(std::string_view agent);

  std::optional<AgentParser> parser_;
  const std::string version_ = AgentParser::version();
  AgentMemory memory_;
  CountryFile countries_;
  std::atomic<std::uint64_t> known_ = 0;
  std::atomic<std::uint64_t> new_ = 0;
};

}  // namespace ginnel::clicks
