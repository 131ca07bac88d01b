// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>

#include "base/result.h"
#include "clicks/click_record.h"
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
  /// Compiles the rules (some 100 ms). A country file that cannot be read is logged and tried again
  /// when it changes. `log` must outlive it.
  ClickClassifier(const ClickOptions& options, observability::Log& log);
  ClickClassifier(const ClickClassifier&) = delete;
  ClickClassifier& operator=(const ClickClassifier&) = delete;
  ~ClickClassifier();

  /// Everything but the id.
  domain::Click classify(const ClickRecord& record);

  ClassifierFigures figures() const noexcept;

 private:
  class Rules;
  std::unique_ptr<Rules> rules_;
};

}  // namespace ginnel::clicks
