// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "storage/click_store.h"
#include "storage/sqlite/engine/connection.h"

namespace ginnel::storage::sqlite {

/// Sums up all clicks that are not yet, and compares the sums with a count of the clicks, inside a
/// transaction: link by link, in the order of the clicks' ids. With kRepair a day with a fault is
/// replaced as a whole.
///
/// Reads each click several times and sorts all: in temporary files (SQLite says where) of some 25
/// bytes a click, but in memory, twice as much, on a connection that has dropped indexes or made
/// temporary tables before. Else what is in memory at a time are the days (UTC) of one link whose
/// last click has not been read: one or two, unless journals were shipped late. A day takes at most
/// some 50 MB, with kMaxDailyValues texts of every dimension in each of its stretches; mostly some
/// 100 KB.
Result<VerifyReport> verify_clicks(Connection& database, Verification how);

}  // namespace ginnel::storage::sqlite
