// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <utility>

#include "storage/sqlite/job.h"

namespace ginnel::storage {

/// A bounded queue between loops, which push, and the threads of a store, which take.
template <class Context>
class JobQueue final {
 public:
  using Pointer = std::shared_ptr<Job<Context>>;

  /// At most `limit` jobs wait in it.
  explicit JobQueue(std::size_t limit) : limit_(limit) {}

  /// False when the queue is full or closed; the job is not in it then.
  bool push(Pointer job) {
    {
      const std::lock_guard lock(mutex_);
      if (closed_ || jobs_.size() >= limit_) {
        return false;
      }
      jobs_.push_back(std::move(job));
    }
    filled_.notify_one();
    return true;
  }

  /// The oldest job, waiting for one; null once the queue is closed and empty.
  Pointer wait() {
    std::unique_lock lock(mutex_);
    filled_.wait(lock, [this] { return closed_ || !jobs_.empty(); });
    return jobs_.empty() ? nullptr : pop();
  }

  /// The oldest job when there is one and it is of this kind, else null.
  Pointer take_if(JobKind kind) {
    const std::lock_guard lock(mutex_);
    return jobs_.empty() || jobs_.front()->kind() != kind ? nullptr : pop();
  }

  /// Takes no more jobs. What waits is still given out.
  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    filled_.notify_all();
  }

  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return jobs_.size();
  }

 private:
  Pointer pop() {
    Pointer job = std::move(jobs_.front());
    jobs_.pop_front();
    return job;
  }

  const std::size_t limit_;
  mutable std::mutex mutex_;  ///< guards what follows
  std::condition_variable filled_;
  std::deque<Pointer> jobs_;
  bool closed_ = false;
};

}  // namespace ginnel::storage
