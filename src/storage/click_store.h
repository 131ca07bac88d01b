// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "domain/click.h"
#include "domain/click_stats.h"

namespace ginnel::storage {

/// How far a segment of a journal is in the database.
struct SegmentCursor {
  std::uint64_t next = 0;  ///< byte offset of the first record that is not; 0: none is
  bool done = false;       ///< nothing of it is left, and nothing will follow
};

/// Clicks from one stretch of a segment, in the order of the journal.
struct ClickBatch {
  std::string segment;     ///< its id: 32 hex digits
  std::uint64_t from = 0;  ///< what the cursor must be
  std::uint64_t to = 0;    ///< what it becomes
  bool last = false;       ///< nothing follows: the segment is done
  std::vector<domain::Click> clicks;
};

/// What became of a batch.
enum class ShipOutcome {
  kShipped,
  kShippedBefore,  ///< the cursor was elsewhere: somebody shipped it; nothing was changed
};

/// The key of one day's visitor hashes (UTC). It is destroyed when the day is over: what was hashed
/// can then be compared, but never again be made.
struct VisitorSalt {
  std::chrono::sys_days day;
  std::array<std::uint8_t, 16> key{};
};

/// Which rollups differ from a count of the clicks themselves.
struct RollupFault {
  std::string what;  ///< `link 7, 2026-11-25T10:15, referrer example.org: 12 kept, 13 counted`
};

struct VerifyReport {
  std::uint64_t clicks = 0;   ///< counted
  std::uint64_t links = 0;    ///< that have any
  std::uint64_t rollups = 0;  ///< rows compared
  std::uint64_t differ = 0;
  std::vector<RollupFault> faults;  ///< the first 100
  bool repaired = false;
};

/// Where clicks live. What is said of UserStore about threads, errors and transactions holds here
/// too.
class ClickStore {
 public:
  ClickStore() = default;
  ClickStore(const ClickStore&) = delete;
  ClickStore& operator=(const ClickStore&) = delete;
  virtual ~ClickStore() = default;

  /// The random id that the first migration gave this database: 32 hex digits. A journal belongs to
  /// one database.
  virtual Task<Result<std::string>> database_id() = 0;

  virtual Task<Result<SegmentCursor>> cursor(std::string segment) = 0;

  /// Stores a batch once: cursor, clicks and rollups in one transaction. The ids are given in the
  /// batch's order.
  virtual Task<Result<ShipOutcome>> ship(ClickBatch batch) = 0;

  /// The salts of `today` and the day after, made where they are missing; older ones are deleted.
  virtual Task<Result<std::vector<VisitorSalt>>> salts(std::chrono::sys_days today) = 0;

  /// What was counted of a link. An unknown link has no clicks.
  virtual Task<Result<domain::ClickStats>> stats(domain::StatsQuery query) = 0;

  /// Recounts every rollup from the clicks; `repair` puts the counted figures in place. Takes as
  /// long as it takes; for `ginnel verify`, not for a server that serves.
  virtual Task<Result<VerifyReport>> verify(bool repair) = 0;
};

}  // namespace ginnel::storage
