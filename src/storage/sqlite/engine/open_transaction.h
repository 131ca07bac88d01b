// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

#include "base/task.h"
#include "storage/sqlite/engine/job_queue.h"
#include "storage/sqlite/engine/pending_call.h"

namespace ginnel::storage::sqlite {

class Transaction;

/// What the holder of an open transaction and the writer's thread share.
struct OpenJobs {
  JobQueue<Transaction> queue{16};
  bool last_has_run = false;  ///< the writer's thread alone

  /// The holder's next job, to be run at once; null when it is gone, or was silent for so long and
  /// others wait for its end. The writer's thread calls this.
  JobQueue<Transaction>::Pointer wait(std::chrono::milliseconds silence,
                                      const std::function<bool()>& others_wait);
};

/// A transaction that its holder keeps open between calls: Writer::open. It may outlive the writer;
/// its calls then fail.
class OpenTransaction final {
 public:
  OpenTransaction(std::shared_ptr<OpenJobs> jobs, CallTerms terms)
      : jobs_(std::move(jobs)), terms_(std::move(terms)) {}
  OpenTransaction(const OpenTransaction&) = delete;
  OpenTransaction& operator=(const OpenTransaction&) = delete;

  /// What was not committed is undone.
  ~OpenTransaction() { jobs_->queue.close(); }

  /// Runs `work(Transaction&)`, which gives a Result; after an error everything is undone.
  template <class Work>
  auto run(Work work) -> Task<std::invoke_result_t<Work, Transaction&>> {
    std::function<std::invoke_result_t<Work, Transaction&>(Transaction&)> job = std::move(work);
    return call_through(jobs_->queue, std::move(job), terms_);
  }

  /// The same, and then commits. The answer comes when the ChangeListener has finished.
  template <class Work>
  auto commit(Work work) -> Task<std::invoke_result_t<Work, Transaction&>> {
    return run([jobs = jobs_, work = std::move(work)](Transaction& transaction) {
      jobs->last_has_run = true;
      return work(transaction);
    });
  }

 private:
  std::shared_ptr<OpenJobs> jobs_;
  CallTerms terms_;
};

}  // namespace ginnel::storage::sqlite
