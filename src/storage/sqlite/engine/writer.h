// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/call_context.h"
#include "base/result.h"
#include "base/task.h"
#include "storage/change_listener.h"
#include "storage/sqlite/engine/checkpointer.h"
#include "storage/sqlite/engine/connection.h"
#include "storage/sqlite/engine/job.h"
#include "storage/sqlite/engine/job_queue.h"
#include "storage/sqlite/engine/open_transaction.h"
#include "storage/sqlite/engine/pending_call.h"
#include "storage/sqlite/engine/read_gate.h"
#include "storage/sqlite/file/database_files.h"
#include "storage/sqlite/file/soundness.h"

namespace ginnel::storage::sqlite {

/// What follows when a transaction is committed.
struct AfterCommit {
  change::Forgotten changed;  ///< what the ChangeListener hears of
  bool cut_log = false;
  std::shared_ptr<OpenJobs> open = {};  ///< what comes before the commit: Writer::open
};

/// What a change works on: the connection inside its transaction, and the list of what follows.
class Transaction final {
 public:
  /// `queue` is where others wait for the end of this, if anywhere.
  Transaction(Connection& connection,
              AfterCommit& after,
              const JobQueue<Transaction>* queue = nullptr)
      : connection_(connection), after_(after), queue_(queue) {}

  Connection& database() const noexcept { return connection_; }

  /// Whether a change waits for the end of this transaction.
  bool others_wait() const { return queue_ != nullptr && queue_->has_jobs(); }

  /// To be said of the code of every link that is made, changed or deleted.
  void forget(std::string code) const { after_.changed.add(std::move(code)); }

  /// To be said when a secret is deleted: its bytes are to be gone from the write-ahead log too.
  void cut_log() const noexcept { after_.cut_log = true; }

  /// Has the transaction stay open for these jobs.
  void stay_open_for(std::shared_ptr<OpenJobs> jobs) const noexcept {
    after_.open = std::move(jobs);
  }

 private:
  Connection& connection_;
  AfterCommit& after_;
  const JobQueue<Transaction>* queue_;
};

struct WriterOptions {
  std::chrono::milliseconds limit{5'000};  ///< of a call, its time in the queue included
  std::size_t queue_limit = 4'096;
  std::size_t batch_jobs = 512;                 ///< changes in a transaction at most
  std::chrono::microseconds batch_time{4'000};  ///< after which a transaction takes no more
  std::chrono::milliseconds ship_patience = kShipPatience;
  std::chrono::milliseconds silence{30'000};  ///< of the holder of an open transaction, at most
  std::chrono::milliseconds look_interval{1'000};  ///< between two looks when nothing is changed
  CheckpointOptions checkpoints;
  std::function<void(std::int64_t)> note_log = [](std::int64_t) {};  ///< FileLock::note_log
};

/// Makes every change of a database, on one thread with one connection.
///
/// Changes that wait while a transaction commits share the next one, each in a savepoint of its
/// own: one sync of the disk serves them all, and a change that fails is undone alone. No answer,
/// good or bad, is given before the commit, and none before the ChangeListener has finished: when a
/// commit fails, everybody in it hears kUnavailable and nothing else; or kTimeout, when the disk
/// failed so that the change may be there after a crash. Batches of clicks, which nobody waits for,
/// come when no change does, or after `ship_patience`.
///
/// A change for which the system has no memory is undone and refused; what follows a commit waits
/// until there is some.
///
/// While `soundness` has a reason against it, every change is refused with kUnavailable. The files
/// are looked at before each change and each second; after a failure of the disk a commit for trial
/// is made each second.
class Writer final {
 public:
  /// `listener`, `gate` and `soundness` must outlive this. `files` are the connection's; nothing
  /// when the database is in memory.
  Writer(Connection connection,
         WriterOptions options,
         ChangeListener& listener,
         ReadGate& gate,
         Soundness& soundness,
         std::optional<DatabaseFiles> files = {});
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// Does what is queued, then ends the thread and closes the connection. The log of a damaged
  /// database stays as it is.
  ~Writer();

  /// A further file without which no change is taken. From any thread.
  void watch(FileMark mark);

  /// Runs `work(Transaction&)`, which gives a Result, in a transaction shared with others. Here and
  /// below the caller waits until `until`, or for the limit if that ends earlier.
  template <class Work>
  auto change(Work work, Deadline until = kNoDeadline)
      -> Task<std::invoke_result_t<Work, Transaction&>> {
    return call<std::invoke_result_t<Work, Transaction&>>(std::move(work), JobKind::kChange, until);
  }

  /// Runs `work` in a transaction of its own, however long it takes. Once it has begun, neither
  /// the limit nor a cancellation ends the wait for it.
  template <class Work>
  auto import(Work work) -> Task<std::invoke_result_t<Work, Transaction&>> {
    return call<std::invoke_result_t<Work, Transaction&>>(
        std::move(work), JobKind::kImport, kNoDeadline);
  }

  /// Begins a transaction that stays open until it is committed, a job of it fails, what this gives
  /// is destroyed, or no job came for `WriterOptions::silence` and others wait (which the next is
  /// told: kTimeout); all but the first undo it. Everybody else waits meanwhile. Its jobs are
  /// waited for as those of `import`.
  Task<Result<std::unique_ptr<OpenTransaction>>> open();

  /// Runs `work` in a transaction of its own, after the changes that wait; but after
  /// `WriterOptions::ship_patience` it comes first.
  template <class Work>
  auto ship(Work work, Deadline until = kNoDeadline)
      -> Task<std::invoke_result_t<Work, Transaction&>> {
    return call<std::invoke_result_t<Work, Transaction&>>(std::move(work), JobKind::kShip, until);
  }

  /// Runs `work(Connection&)` between two transactions: how a database in memory is read,
  /// which has no other connection.
  template <class Work>
  auto read(Work work, Deadline until = kNoDeadline)
      -> Task<std::invoke_result_t<Work, Connection&>> {
    auto on_connection = [work = std::move(work)](Transaction& transaction) {
      return work(transaction.database());
    };
    return call<std::invoke_result_t<Work, Connection&>>(
        std::move(on_connection), JobKind::kRead, until);
  }

  /// That of the last commit, or of a read that begins now.
  Position position() const noexcept { return {commits_.load(std::memory_order_acquire)}; }

  std::size_t queued() const { return queue_.size(); }
  std::uint64_t writes() const noexcept { return writes_.load(std::memory_order_relaxed); }
  std::uint64_t commits() const noexcept { return commits_.load(std::memory_order_relaxed); }
  std::uint64_t refused() const noexcept { return refused_->load(std::memory_order_relaxed); }
  std::uint64_t checkpoints() const noexcept { return checkpointer_.count(); }

 private:
  using Queue = JobQueue<Transaction>;
  using JobPointer = Queue::Pointer;

  /// The changes of one transaction.
  struct Batch {
    std::vector<JobPointer> jobs;
    AfterCommit after;
    std::shared_ptr<OpenJobs> open;  ///< of a transaction that stayed open
    std::size_t succeeded = 0;
    bool in_doubt = false;  ///< it may be in the log although its commit failed
  };

  template <class ResultType>
  Task<ResultType> call(std::function<ResultType(Transaction&)> work,
                        JobKind kind,
                        Deadline until) {
    return call_through(queue_, std::move(work), terms(kind, until));
  }

  CallTerms terms(JobKind kind, Deadline until) const {
    return {kind, options_.limit, until, refused_};
  }

  void run_jobs();
  void run(JobPointer job);
  Result<Done> look_after_database();
  Result<Done> look_at_files();
  bool try_commit();
  void read(Job<Transaction>& job);
  void commit_batch(JobPointer first);
  Result<Done> fill(Batch& batch);
  Result<Done> serve(Batch& batch);
  void close(OpenJobs& open);
  Result<Done> run_one(Batch& batch, Job<Transaction>& job);
  Result<Done> run_grouped(Batch& batch, Job<Transaction>& job);
  Result<Done> finish(Batch& batch);
  Result<Done> commit(Batch& batch);
  void note_log() noexcept;
  Result<Done> transact(Batch& batch);
  void refuse(const Batch& batch, const Error& cause);
  Error undo(const Batch& batch, const Error& cause);
  void publish(Batch batch);

  Connection connection_;
  const WriterOptions options_;
  ChangeListener& listener_;
  Soundness& soundness_;
  Checkpointer checkpointer_;
  std::optional<DatabaseFiles> files_;
  std::optional<std::uint64_t> named_log_;  ///< the salts of the log that has its name
  std::mutex mutex_;                        ///< guards the next three
  std::vector<FileMark> new_marks_;         ///< that files_ does not have yet
  std::shared_ptr<OpenJobs> open_;          ///< of the transaction that is open now
  bool ends_ = false;
  Queue queue_;
  std::atomic<std::uint64_t> writes_{0};
  std::atomic<std::uint64_t> commits_{0};
  std::shared_ptr<std::atomic<std::uint64_t>> refused_ =
      std::make_shared<std::atomic<std::uint64_t>>(0);
  std::thread thread_;  ///< last: it uses everything above
};

}  // namespace ginnel::storage::sqlite
