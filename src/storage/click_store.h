// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
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

/// What is left to be summed up.
struct UnsummedClicks {
  std::uint64_t clicks = 0;  ///< stored, and in no sum yet
  bool under_way = false;    ///< a portion of them was left for changes that wait
};

/// What is left in the form of older versions.
struct OlderClicks {
  std::int64_t unlisted = 0;  ///< numbers of clicks that are in no list, about
  std::int64_t old_link = 0;  ///< the next link whose sums are; 0: none, or not looked at yet

  bool is_nothing() const noexcept { return unlisted == 0 && old_link == 0; }
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

  /// Stores batches, each once: cursor and clicks of all in one transaction, which goes on while
  /// nobody waits for it; gives what became of those that it came to, in their order, the first at
  /// least. The ids are given in the order of the clicks, and what `Click::id` holds is not looked
  /// at. The clicks are in no sum yet: `sum_up`.
  ///
  /// After kTimeout, or when the process ends meanwhile, batches may be stored or not: shipped
  /// again as they are, they are stored once. They let the changes that wait go first, but for no
  /// longer than 100 ms; what is being stored holds changes up. A click costs the less the more are
  /// stored in a transaction (docs/performance.md).
  virtual Task<Result<std::vector<ShipOutcome>>> ship(std::vector<ClickBatch> batches,
                                                      CallContext call) = 0;

  /// The same of one.
  Task<Result<ShipOutcome>> ship_one(ClickBatch batch, CallContext call) {
    std::vector<ClickBatch> batches;
    batches.push_back(std::move(batch));
    auto shipping = ship(std::move(batches), std::move(call));
    auto outcomes = co_await std::move(shipping);
    if (!outcomes) {
      co_return std::move(outcomes).error();
    }
    co_return outcomes->front();
  }

  /// Sums up a portion of the clicks that are stored and in no sum yet, the oldest, in a
  /// transaction that goes on while nobody waits for it; gives what is left then. Whether clicks
  /// are summed up or not, figures are the same: they only cost more to read. What becomes of a
  /// click and of the note that it is summed up changes together, so each is in its sums once,
  /// whoever calls this and whenever a process ends.
  virtual Task<Result<UnsummedClicks>> sum_up(CallContext call) = 0;

  /// Brings a little of what older versions kept into today's form, some 15 ms' worth; gives what
  /// is left. Figures are the same before and afterwards.
  virtual Task<Result<OlderClicks>> renew_older(CallContext call) = 0;

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
