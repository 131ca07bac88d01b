// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "domain/link.h"
#include "domain/timestamp.h"
#include "storage/click_store.h"

namespace ginnel::cli {

/// Clicks that were never made, spread over the 30 days before `now`: on the first of `links` the
/// most, of people and of machines, classified by the rules of this binary. The same links at the
/// same time have the same clicks; as a batch they are stored once, however often they are shipped.
storage::ClickBatch demo_clicks(const std::vector<domain::Link>& links, domain::Timestamp now);

}  // namespace ginnel::cli
