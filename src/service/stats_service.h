// SPDX-License-Identifier: MIT
#pragma once

#include "base/call_context.h"
#include "base/result.h"
#include "base/task.h"
#include "domain/click_stats.h"
#include "storage/click_store.h"
#include "storage/link_store.h"

namespace ginnel::service {

/// What was counted of links.
class StatsService final {
 public:
  StatsService(storage::LinkStore& links, storage::ClickStore& clicks)
      : links_(links), clicks_(clicks) {}

  /// Fails with kNotFound: `URL not found`.
  Task<Result<domain::ClickStats>> of_link(domain::StatsQuery query, CallContext call);

 private:
  storage::LinkStore& links_;
  storage::ClickStore& clicks_;
};

}  // namespace ginnel::service
