// SPDX-License-Identifier: MIT
#include "storage/sqlite/engine/writer.h"

#include <new>
#include <tuple>

#include "base/thread.h"
#include "base/until_memory.h"
#include "storage/sqlite/file/log_name.h"
#include "storage/sqlite/file/schema.h"

namespace ginnel::storage::sqlite {

namespace {

/// What everybody hears whose transaction could not be committed.
Error not_saved(Error cause) {
  return Error(
      ErrorKind::kUnavailable, "The change could not be saved; try again", std::move(cause.detail));
}

/// The same when the commit lies in the log whole, as far as we know, but not on the disk.
Error maybe_saved(Error cause) {
  return Error(
      ErrorKind::kTimeout,
      "The disk failed: it is not known whether the change was kept; look, or send it again "
      "with the same Idempotency-Key",
      std::move(cause.detail));
}

Error rolled_back_by_itself() {
  return Error(ErrorKind::kUnavailable, "internal error", "sqlite rolled the transaction back");
}

/// What `work` gives; an error, which needs no memory itself, where there is none for it.
template <class Work>
Result<Done> with_memory(Work work) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return Error(ErrorKind::kUnavailable, "internal error", "no memory left");
  }
}

/// Whether a commit that failed so may be found in the log by the next process: its last frame,
/// which alone makes the others count, was written when the disk could not be made to keep it.
bool leaves_doubt(int code) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_CONSTRAINT:
    case SQLITE_FULL:
      return false;
    default:
      return code != SQLITE_IOERR_WRITE;
  }
}

}  // namespace

Writer::Writer(Connection connection,
               WriterOptions options,
               ChangeListener& listener,
               ReadGate& gate,
               Soundness& soundness,
               std::optional<DatabaseFiles> files)
    : connection_(std::move(connection)),
      options_(std::move(options)),
      listener_(listener),
      soundness_(soundness),
      checkpointer_(connection_.handle(), gate, options_.checkpoints),
      files_(std::move(files)),
      queue_(options_.queue_limit, options_.ship_patience) {
  connection_.report_faults_to(soundness_);
  if (const auto name = log_name(connection_); files_ && name && *name != 0) {
    named_log_ = files_->log_salts();  // one that an earlier process began keeps the name it has
    options_.note_log(*name);
  }
  thread_ = std::thread([this] { run_jobs(); });
}

Writer::~Writer() {
  queue_.close();
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
    if (open_) {
      open_->queue.close();
    }
  }
  thread_.join();
  if (soundness_.reason() == StopReason::kDamaged) {
    sqlite3_db_config(connection_.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  }
}

void Writer::watch(FileMark mark) {
  const std::lock_guard lock(mutex_);
  new_marks_.push_back(std::move(mark));
}

Task<Result<std::unique_ptr<OpenTransaction>>> Writer::open() {
  const auto jobs = std::make_shared<OpenJobs>();
  auto transaction = std::make_unique<OpenTransaction>(jobs, terms(JobKind::kImport, kNoDeadline));
  auto beginning = import([jobs](Transaction& begun) -> Result<Done> {
    begun.stay_open_for(jobs);
    return Done();
  });
  auto begun = co_await std::move(beginning);
  if (!begun) {
    co_return std::move(begun).error();
  }
  co_return std::move(transaction);
}

void Writer::run_jobs() {
  describe_thread("ginnel-write", Standing::kBehind);
  auto next_look = Queue::Clock::now();
  while (true) {
    JobPointer job = queue_.wait_until(next_look);
    if (!job && queue_.is_over()) {
      return;
    }
    if (const auto now = Queue::Clock::now(); now >= next_look) {
      std::ignore = with_memory([this] { return look_after_database(); });
      next_look = now + options_.look_interval;
    }
    if (job) {
      run(std::move(job));
    }
  }
}

void Writer::run(JobPointer job) {
  if (job->kind() == JobKind::kRead) {
    read(*job);
    return;
  }
  if (!job->take()) {
    return;
  }
  if (const auto refusal = until_memory([this] { return soundness_.refusal(); })) {
    job->refuse(*refusal);
    return;
  }
  commit_batch(std::move(job));
  if (soundness_.reason() == StopReason::kNone && checkpointer_.run_if_due() && files_) {
    files_->note_checkpoint();
  }
}

/// What is to be done each second, whether anything is changed or not.
Result<Done> Writer::look_after_database() {
  if (soundness_.reason() == StopReason::kDamaged) {
    return Done();
  }
  auto sound = look_at_files();
  if (sound && soundness_.reason() == StopReason::kDisk) {
    try_commit();
  }
  return sound;
}

/// Fails as long as no change may be made because of the files.
Result<Done> Writer::look_at_files() {
  if (!files_) {
    return Done();
  }
  {
    const std::lock_guard lock(mutex_);
    for (FileMark& mark : new_marks_) {
      files_->watch(std::move(mark));
    }
    new_marks_.clear();
  }
  const auto fault = files_->look();
  if (!fault) {
    soundness_.note_in_place();
    return Done();
  }
  if (fault->log_has_no_name) {
    checkpointer_.copy();
    files_->note_checkpoint();
  }
  if (fault->reason == StopReason::kDamaged) {
    soundness_.note_damage(fault->what);
  } else {
    soundness_.note_moved(fault->what, fault->cure);
  }
  return *soundness_.refusal();
}

/// Writes one page as it is. It comes to lie where a commit that failed just before lies in the log
/// and makes an end of that; and it has the disk show that it works.
bool Writer::try_commit() {
  const std::string mark = "PRAGMA application_id = " + std::to_string(kApplicationId);
  auto done = connection_.run("BEGIN IMMEDIATE");
  if (done) {
    done = connection_.execute(mark.c_str());
  }
  if (done) {
    done = connection_.run("COMMIT");
  }
  if (done) {
    soundness_.note_disk_works();
    return true;
  }
  connection_.roll_back();
  return false;
}

void Writer::read(Job<Transaction>& job) {
  if (job.take()) {
    AfterCommit nothing;
    Transaction transaction(connection_, nothing);
    job.run(transaction);
    job.answer();
  }
}

void Writer::commit_batch(JobPointer first) {
  Batch batch;
  until_memory([&] { batch.jobs.reserve(options_.batch_jobs); });  // no job that was taken is lost
  batch.jobs.push_back(std::move(first));
  const auto done = with_memory([&] { return transact(batch); });
  if (batch.open) {
    close(*batch.open);
  }
  if (!done) {
    refuse(batch, done.error());
    return;
  }
  if (batch.after.cut_log) {
    checkpointer_.cut_log();
  }
  publish(std::move(batch));
}

Result<Done> Writer::transact(Batch& batch) {
  Result<Done> done = look_at_files();
  if (done) {
    done = connection_.run("BEGIN IMMEDIATE");
  }
  if (done) {
    done = fill(batch);
  }
  if (done) {
    done = finish(batch);
  }
  return done;
}

/// Undoes the transaction and tells everybody in it.
void Writer::refuse(const Batch& batch, const Error& cause) {
  const Error error = until_memory([&] { return undo(batch, cause); });
  for (const JobPointer& job : batch.jobs) {
    job->refuse(error);
  }
}

Error Writer::undo(const Batch& batch, const Error& cause) {
  connection_.roll_back();
  if (batch.in_doubt && !try_commit()) {
    return maybe_saved(cause);
  }
  auto refusal = soundness_.refusal();
  if (!refusal) {
    return not_saved(cause);
  }
  refusal->detail = cause.detail;
  return std::move(*refusal);
}

/// Runs the first job of the batch, and what else may share its transaction.
Result<Done> Writer::fill(Batch& batch) {
  Job<Transaction>& first = *batch.jobs.front();
  if (first.kind() != JobKind::kChange) {
    auto done = run_one(batch, first);
    return done && batch.open ? serve(batch) : done;
  }
  const auto full_at = std::chrono::steady_clock::now() + options_.batch_time;
  Result<Done> done = run_grouped(batch, first);
  while (done && batch.jobs.size() < options_.batch_jobs &&
         std::chrono::steady_clock::now() < full_at) {
    JobPointer job = queue_.take_if(JobKind::kChange);
    if (!job) {
      break;
    }
    if (job->take()) {
      batch.jobs.push_back(std::move(job));
      done = run_grouped(batch, *batch.jobs.back());
    }
  }
  return done;
}

/// Does the jobs of a transaction that stays open, up to the last. Where that was not to be,
/// nothing has succeeded.
Result<Done> Writer::serve(Batch& batch) {
  {
    const std::lock_guard lock(mutex_);
    open_ = batch.open;
    if (ends_) {
      open_->queue.close();
    }
  }
  const auto others_wait = [this] { return queue_.size() > 0; };
  Result<Done> done = Done();
  while (done && batch.succeeded > 0 && !batch.open->last_has_run) {
    batch.jobs.back()->answer();
    batch.jobs.clear();
    batch.succeeded = 0;
    if (JobPointer job = batch.open->wait(options_.silence, others_wait)) {
      batch.jobs.push_back(std::move(job));
      done = run_one(batch, *batch.jobs.back());
    }
  }
  if (batch.succeeded == 0) {
    batch.after = {};
  }
  return done;
}

/// Refuses what its holder asks for from now on.
void Writer::close(OpenJobs& open) {
  {
    const std::lock_guard lock(mutex_);
    open_ = nullptr;
  }
  open.queue.close();
  while (const JobPointer job = open.queue.take_if(JobKind::kImport)) {
    if (job->take()) {
      job->refuse(until_memory([&] { return open.queue.refusal(); }));
    }
  }
}

/// Runs a job; an error only when the whole transaction is lost.
Result<Done> Writer::run_one(Batch& batch, Job<Transaction>& job) {
  AfterCommit after;
  Transaction transaction(connection_, after, &queue_);
  if (job.run(transaction)) {
    ++batch.succeeded;
    batch.after.changed.add_all(std::move(after.changed));
    batch.after.cut_log = batch.after.cut_log || after.cut_log;
    if (after.open) {
      batch.open = std::move(after.open);
    }
  }
  if (!connection_.in_transaction()) {
    return rolled_back_by_itself();
  }
  return Done();
}

Result<Done> Writer::run_grouped(Batch& batch, Job<Transaction>& job) {
  if (auto begun = connection_.run("SAVEPOINT job"); !begun) {
    return begun;
  }
  const std::size_t succeeded = batch.succeeded;
  if (auto kept = run_one(batch, job); !kept) {
    return kept;
  }
  if (batch.succeeded == succeeded) {
    if (auto undone = connection_.run("ROLLBACK TO job"); !undone) {
      return undone;
    }
  }
  return connection_.run("RELEASE job");
}

Result<Done> Writer::finish(Batch& batch) {
  if (batch.succeeded == 0) {
    connection_.roll_back();
    return Done();
  }
  auto done = look_at_files();  // an import may have taken minutes
  if (!done) {
    return done;
  }
  const bool names_log = files_ && (!named_log_ || files_->log_salts() != named_log_);
  if (names_log) {
    done = name_log(connection_);
  }
  if (done) {
    done = commit(batch);
  }
  if (done && names_log) {
    named_log_ = files_->log_salts();
    note_log();
  }
  return done;
}

/// After the commit, so that no name is noted that is not in the log; a failure loses only that.
void Writer::note_log() noexcept {
  try {
    if (const auto name = log_name(connection_)) {
      options_.note_log(*name);
    }
  } catch (const std::bad_alloc&) {
    // what is noted is a log before this
  }
}

Result<Done> Writer::commit(Batch& batch) {
  batch.in_doubt = true;  // also when memory ends while the failure is told
  auto committed = connection_.run("COMMIT");
  if (!committed) {
    batch.in_doubt = leaves_doubt(sqlite3_extended_errcode(connection_.handle()));
    return committed;
  }
  writes_.fetch_add(batch.succeeded, std::memory_order_relaxed);
  commits_.fetch_add(1, std::memory_order_release);  // whoever sees it sees the commit
  return committed;
}

void Writer::publish(Batch batch) {
  auto answer_all = [jobs = std::move(batch.jobs)] {
    for (const JobPointer& job : jobs) {
      job->answer();
    }
  };
  if (batch.after.changed.is_nothing()) {
    answer_all();
    return;
  }
  std::function<void()> then;
  until_memory([&] { then = std::move(answer_all); });
  listener_.forget(std::move(batch.after.changed), position(), std::move(then));
}

}  // namespace ginnel::storage::sqlite
