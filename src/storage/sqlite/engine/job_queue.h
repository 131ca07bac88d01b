// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <utility>

#include "base/error.h"
#include "storage/sqlite/engine/job.h"

namespace ginnel::storage::sqlite {

/// How long a kShip job lets others go first. Ten times a second leaves the writer to the others
/// for five sixths of the time, when clicks are stored or summed up for 20 ms (ClickStore::ship).
inline constexpr std::chrono::milliseconds kShipPatience{100};

/// A bounded queue between loops, which push, and the threads of a store, which take.
///
/// Jobs leave it in the order they came, but for those of kind kShip: they have a lane of their
/// own, from which one is taken when no other job waits, or when it has waited for `patience`.
template <class Context>
class JobQueue final {
 public:
  using Pointer = std::shared_ptr<Job<Context>>;

  /// At most `limit` jobs wait in each lane.
  explicit JobQueue(std::size_t limit, std::chrono::milliseconds patience = kShipPatience)
      : limit_(limit), patience_(patience) {}

  /// False when the queue is full or closed, or there is no memory; the job is not in it then.
  bool push(Pointer job) noexcept {
    try {
      const std::lock_guard lock(mutex_);
      Lane& lane = job->kind() == JobKind::kShip ? ships_ : jobs_;
      if (closed_ || lane.size() >= limit_) {
        return false;
      }
      lane.push_back(Waiting{std::move(job), Clock::now()});
    } catch (const std::bad_alloc&) {
      return false;
    }
    filled_.notify_one();
    return true;
  }

  using Clock = std::chrono::steady_clock;

  /// The job whose turn it is, waiting for one; null once the queue is closed and empty.
  Pointer wait() {
    std::unique_lock lock(mutex_);
    filled_.wait(lock, [this] { return has_news(); });
    return next();
  }

  /// The same, but null also when none has come by `until`: `is_over` tells.
  Pointer wait_until(Clock::time_point until) {
    std::unique_lock lock(mutex_);
    filled_.wait_until(lock, until, [this] { return has_news(); });
    return next();
  }

  /// Whether the queue is closed and empty.
  bool is_over() const {
    const std::lock_guard lock(mutex_);
    return closed_ && jobs_.empty() && ships_.empty();
  }

  /// The oldest job when there is one and it is of this kind, else null. Never a kShip job.
  Pointer take_if(JobKind kind) {
    const std::lock_guard lock(mutex_);
    return jobs_.empty() || jobs_.front().job->kind() != kind ? nullptr : pop(jobs_);
  }

  /// Takes no more jobs, which is `why`; the first call counts. What waits is still given out.
  void close(std::optional<Error> why = {}) noexcept {
    {
      const std::lock_guard lock(mutex_);
      if (!closed_) {
        closed_ = true;
        why_closed_ = std::move(why);
      }
    }
    filled_.notify_all();
  }

  /// What the caller hears whose job was not taken.
  Error refusal() const {
    const std::lock_guard lock(mutex_);
    return why_closed_.value_or(
        Error(ErrorKind::kUnavailable, "The database is busy; try again", "its queue is full"));
  }

  /// Whether a job waits that is no kShip.
  bool has_jobs() const {
    const std::lock_guard lock(mutex_);
    return !jobs_.empty();
  }

  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return jobs_.size() + ships_.size();
  }

 private:
  struct Waiting {
    Pointer job;
    Clock::time_point since;
  };
  using Lane = std::deque<Waiting>;

  bool has_news() const { return closed_ || !jobs_.empty() || !ships_.empty(); }

  Pointer next() {
    if (ship_is_next()) {
      return pop(ships_);
    }
    return jobs_.empty() ? nullptr : pop(jobs_);
  }

  bool ship_is_next() const {
    return !ships_.empty() && (jobs_.empty() || Clock::now() - ships_.front().since >= patience_);
  }

  static Pointer pop(Lane& lane) {
    Pointer job = std::move(lane.front().job);
    lane.pop_front();
    return job;
  }

  const std::size_t limit_;
  const std::chrono::milliseconds patience_;
  mutable std::mutex mutex_;  ///< guards what follows
  std::condition_variable filled_;
  Lane jobs_;
  Lane ships_;
  bool closed_ = false;
  std::optional<Error> why_closed_;
};

}  // namespace ginnel::storage::sqlite
