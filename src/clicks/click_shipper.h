// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <future>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/operation_memory.h"
#include "base/task.h"
#include "clicks/click_classifier.h"
#include "clicks/journal.h"
#include "clicks/options.h"
#include "observability/log.h"
#include "storage/click_store.h"

namespace ginnel::clicks {

/// What the shipper is doing, for the metrics page. Counters count since start.
struct ShipperFigures {
  std::uint64_t clicks = 0;      ///< stored
  std::uint64_t batches = 0;     ///< stored
  std::uint64_t repeated = 0;    ///< batches that were stored already
  std::uint64_t failures = 0;    ///< times the database could not be asked
  std::uint64_t torn = 0;        ///< segments that end in a torn record
  std::uint64_t unreadable = 0;  ///< segments that cannot be read now, and wait
  std::uint64_t lag_records = 0;
  std::uint64_t unsummed = 0;    ///< clicks that are stored and in no sum yet
  double lag_seconds = 0;        ///< age of the oldest click that is not stored; 0: none is
  double clicks_per_second = 0;  ///< stored, while it last had work: the speed of catching up
};

/// Carries clicks from the journal to the database, each exactly once.
///
/// A thread of its own reads the segments, classifies, and stores batch after batch; the cursor of
/// a segment moves in the transaction that stores its clicks, so a batch that is sent twice (after
/// a crash, a timeout, by two processes) is stored once. When the database cannot be asked it
/// waits, a little longer each time, and the journal keeps what comes meanwhile. While visitors
/// keep every loop busy it gives way to them, for `ClickOptions::patience` at most: a peak is
/// answered first and stored afterwards.
class ClickShipper final {
 public:
  using Salts = std::vector<storage::VisitorSalt>;

  /// What the shipper asks of the process it lives in; called on its thread.
  struct Surroundings {
    /// Takes the salts of the visitor hashes whenever there are new ones.
    std::function<void(const Salts&)> use_salts = [](const Salts&) {};

    /// Whether visitors want all there is, so that storing clicks is to wait.
    std::function<bool()> busy = [] { return false; };
  };

  /// All references must outlive it. The salts of today are in use already.
  ClickShipper(Journal& journal,
               storage::ClickStore& store,
               const ClickOptions& options,
               Surroundings surroundings,
               observability::Log& log);
  ClickShipper(const ClickShipper&) = delete;
  ClickShipper& operator=(const ClickShipper&) = delete;

  /// Ends at once; what is not stored stays in the journal.
  ~ClickShipper();

  /// Stores everything that is in the journal, which must be sealed, and ends. Gives false when it
  /// could not within `limit`.
  bool finish(std::chrono::milliseconds limit);

  ShipperFigures figures() const;

 private:
  /// In the place of an offset: nothing of the segment is left.
  static constexpr std::uint64_t kShippedWhole = ~std::uint64_t{0};

  /// Clicks in a batch: what is stored before others are looked for, some 5 ms. And batches that
  /// are stored in one transaction while nobody waits: the larger it is, the less a click costs
  /// (docs/performance.md).
  static constexpr std::size_t kBatch = 1'000;
  static constexpr std::size_t kBatches = 16;

  /// Sums follow the clicks by no more than about twice so many, and by no more than some 2 s. The
  /// more there are at a time, the less does each cost.
  static constexpr std::uint64_t kManyUnsummed = 50'000;
  static constexpr std::chrono::milliseconds kSumInterval{1'500};

  enum class Step { kMore, kNothingLeft, kFailed };

  /// How far a segment is in the database.
  struct Cursor {
    std::uint64_t next = 0;      ///< the first byte that is not
    bool in_doubt = false;       ///< or is: the database has to be asked
    bool unreadable = false;     ///< its file, when it was last looked at
    std::uint64_t tried_to = 0;  ///< where the last batch ended
    std::uint64_t tried = 0;     ///< records in it
    std::uint64_t found = 0;     ///< of an earlier process' records: not stored at the first look
    std::uint64_t stored = 0;    ///< records that are stored since
    std::uint64_t lost = 0;      ///< records that are in no file any more
  };

  void run();
  bool goes_on_after(const std::exception_ptr& thrown);
  Task<void> ship_until_ended();
  Task<Step> take_turn();
  bool gives_way();
  Task<Result<Done>> refresh_salts();
  Task<Step> ship_all();
  Task<Step> sum_up_if_due(bool is_idle);
  Task<Step> renew_older();
  Task<Step> ship_segment(SegmentToShip segment);
  Task<Result<std::uint64_t>> cursor_of(SegmentToShip segment);
  Task<Step> store(SegmentToShip segment, std::vector<SegmentPart> parts, std::uint64_t from);
  storage::ClickBatch batch_of(const SegmentToShip& segment,
                               const SegmentPart& part,
                               std::uint64_t from);
  Task<void> sleep(std::chrono::milliseconds time);
  static std::uint64_t end_of(const SegmentToShip& segment, const SegmentPart& part);
  void doubt(const SegmentToShip& segment, std::span<const SegmentPart> parts);
  bool note_outcome(const SegmentToShip& segment,
                    const SegmentPart& part,
                    storage::ShipOutcome outcome);
  void note_stored(const SegmentToShip& segment, const SegmentPart& part);
  bool ending() const noexcept { return ended_ || (finishing_ && drained_); }
  void resolve(const SegmentToShip& segment, Cursor& cursor, std::uint64_t next);
  Step unread(const SegmentToShip& segment, const Error& error);
  bool mark(const SegmentToShip& segment, bool unreadable);
  Step settle(const SegmentToShip& segment, const std::string& why);
  Step failed(const Error& error);
  void wake();

  Journal& journal_;
  storage::ClickStore& store_;
  const ClickOptions options_;
  Surroundings surroundings_;
  observability::Log& log_;
  std::optional<ClickClassifier> classifier_;        ///< made on the thread, which alone uses it
  std::unordered_map<std::string, Cursor> cursors_;  ///< by segment id
  std::int64_t oldest_left_ = 0;                     ///< of the clicks this look left; 0: none
  std::chrono::sys_days salts_of_;                   ///< the day of the salts in use
  std::optional<std::chrono::steady_clock::time_point> gave_way_;  ///< since then it gives way
  std::chrono::steady_clock::time_point summed_;                   ///< when it was last all
  bool older_is_left_ = true;  ///< clicks that are kept as an older version did, as far as known
  std::chrono::steady_clock::time_point told_older_;
  bool failing_ = false;  ///< so that it is logged once
  asio::io_context loop_{1};
  asio::steady_timer timer_{loop_};
  OperationMemory sleep_memory_;
  std::atomic<bool> ended_{false};
  std::atomic<bool> finishing_{false};
  bool drained_ = false;  ///< nothing was left at the last look
  std::promise<void> stopped_;

  std::atomic<std::uint64_t> clicks_{0};
  std::atomic<std::uint64_t> batches_{0};
  std::atomic<std::uint64_t> repeated_{0};
  std::atomic<std::uint64_t> failures_{0};
  std::atomic<std::uint64_t> torn_{0};
  std::atomic<std::uint64_t> unreadable_{0};
  std::atomic<bool> counted_{false};       ///< what was in the journal at the start is in earlier_
  std::atomic<std::uint64_t> earlier_{0};  ///< records found in segments of other processes
  std::atomic<std::int64_t> oldest_{0};    ///< time of the oldest click not stored; 0: none
  std::atomic<double> speed_{0};
  std::atomic<std::uint64_t> unsummed_{1};  ///< at least; at the start it is not known

  std::thread thread_;  ///< last: it uses everything above
};

}  // namespace ginnel::clicks
