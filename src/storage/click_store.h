// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/call_context.h"
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

/// A figure that differs from a count of the clicks themselves.
struct RollupFault {
  /// `link 7, 2026-11-25T10:15, referrer example.org: 4 (of people: 2) kept, 2 (of people: 1)
  /// counted`: the stretch's beginning, the dimension and its value.
  std::string what;
};

/// What is done about a day whose figures differ from the count.
enum class Verification { kCompare, kRepair };

struct VerifyReport {
  std::uint64_t clicks = 0;   ///< counted
  std::uint64_t links = 0;    ///< that have any
  std::uint64_t rollups = 0;  ///< rows compared
  std::uint64_t differ = 0;
  std::vector<RollupFault> faults;  ///< the first 100
  bool repaired = false;
};

/// Where clicks live. What is said of UserStore about threads, errors and transactions holds here
/// too. Clicks are never changed, and stay when their link or its owner goes. They are shown as
/// events (EventStore), with which they share their numbers.
class ClickStore {
 public:
  ClickStore() = default;
  ClickStore(const ClickStore&) = delete;
  ClickStore& operator=(const ClickStore&) = delete;
  virtual ~ClickStore() = default;

  /// The random id that the first migration gave this database: 32 hex digits. A journal belongs to
  /// one database.
  virtual Task<Result<std::string>> database_id(CallContext call) = 0;

  /// How far a segment is; one that nobody shipped is at 0.
  virtual Task<Result<SegmentCursor>> cursor(std::string segment, CallContext call) = 0;

  /// Stores a batch once: cursor, clicks and what they add up to in one transaction. The ids are
  /// given in the batch's order, and what `Click::id` holds is not looked at.
  ///
  /// After kTimeout, or when the process ends meanwhile, the batch may be stored or not: shipped
  /// again as it is, it is stored once. Batches let the changes that wait go first, but for no
  /// longer than 100 ms each; what is being stored holds changes up. A click costs more the fewer
  /// of its batch have the same link and the same quarter of an hour: in batches of 1,000 between
  /// 3 us of a processor (one link) and 40 us (each has a link of its own), so the caller chooses
  /// sizes by the time they take (SQLite on a virtual AMD EPYC at 2.6 GHz, 2026-11-25,
  /// bench/ship_bench.cc).
  virtual Task<Result<ShipOutcome>> ship(ClickBatch batch, CallContext call) = 0;

  /// The salts of `today` (UTC) and the day after, made where they are missing. Older ones are
  /// deleted, down to their bytes in the database's files; a day that was over has no salt again
  /// but another. When nothing can be stored now (kUnavailable), those that are missing are made in
  /// memory, and stored with the next clicks.
  virtual Task<Result<std::vector<VisitorSalt>>> salts(std::chrono::sys_days today,
                                                       CallContext call) = 0;

  /// What was counted of a link. One that is unknown has no clicks; one that is gone keeps its own.
  /// Fails with kInvalid when the bounds do not ascend or are no quarters of an hour, and with
  /// kInternal when what is kept is damaged.
  virtual Task<Result<domain::ClickStats>> stats(domain::StatsQuery query, CallContext call) = 0;

  /// Counts every link's clicks anew, in the order of their ids, and compares what is kept of each
  /// day; kRepair puts what was counted in the place of a day that differs. Takes as long as it
  /// takes, in one transaction and without a limit: for `ginnel verify`, not for a server that
  /// serves.
  virtual Task<Result<VerifyReport>> verify(Verification how) = 0;
};

}  // namespace ginnel::storage
