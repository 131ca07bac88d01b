// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "domain/click_stats.h"
#include "storage/sqlite/engine/connection.h"

namespace ginnel::storage::sqlite {

/// What ClickStore::stats gives, from one range of link_sums and the clicks that these lack: it
/// takes a time that grows with the stretches that had clicks and with their different values, not
/// with the clicks.
Result<domain::ClickStats> find_click_stats(Connection& database, const domain::StatsQuery& query);

}  // namespace ginnel::storage::sqlite
