// SPDX-License-Identifier: MIT
#include "storage/sqlite/sqlite_writer.h"

#include "base/thread.h"

namespace ginnel::storage {

namespace {

/// What everybody hears whose transaction could not be committed.
Error not_saved(Error cause) {
  return Error(
      ErrorKind::kUnavailable, "The change could not be saved; try again", std::move(cause.detail));
}

Error rolled_back_by_itself() {
  return Error(ErrorKind::kUnavailable, "internal error", "sqlite rolled the transaction back");
}

}  // namespace

SqliteWriter::SqliteWriter(SqliteConnection connection,
                           WriterOptions options,
                           ChangeListener& listener,
                           ReadGate& gate)
    : connection_(std::move(connection)),
      options_(options),
      listener_(listener),
      checkpointer_(connection_.handle(), gate, options.checkpoints),
      queue_(options.queue_limit, options.ship_patience),
      thread_([this] { run_jobs(); }) {}

SqliteWriter::~SqliteWriter() {
  queue_.close();
  thread_.join();
}

void SqliteWriter::run_jobs() {
  describe_thread("ginnel-write", Standing::kBehind);
  while (JobPointer job = queue_.wait()) {
    if (job->kind() == JobKind::kRead) {
      read(*job);
      continue;
    }
    if (job->take()) {
      commit_batch(std::move(job));
      checkpointer_.run_if_due();
    }
  }
}

void SqliteWriter::read(Job<SqliteTransaction>& job) {
  if (job.take()) {
    AfterCommit nothing;
    SqliteTransaction transaction(connection_, nothing);
    job.run(transaction);
    job.answer();
  }
}

void SqliteWriter::commit_batch(JobPointer first) {
  Batch batch;
  batch.jobs.push_back(std::move(first));
  Result<Done> done = connection_.run("BEGIN IMMEDIATE");
  if (done) {
    done = fill(batch);
  }
  if (done) {
    done = finish(batch);
  }
  if (done) {
    if (batch.after.cut_log) {
      checkpointer_.cut_log();
    }
    publish(std::move(batch));
    return;
  }
  connection_.roll_back();
  const Error error = not_saved(std::move(done).error());
  for (const JobPointer& job : batch.jobs) {
    job->refuse(error);
  }
}

/// Runs the first job of the batch, and what else may share its transaction.
Result<Done> SqliteWriter::fill(Batch& batch) {
  Job<SqliteTransaction>& first = *batch.jobs.front();
  if (first.kind() != JobKind::kChange) {
    return run_one(batch, first);
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

/// Runs a job; an error only when the whole transaction is lost.
Result<Done> SqliteWriter::run_one(Batch& batch, Job<SqliteTransaction>& job) {
  AfterCommit after;
  SqliteTransaction transaction(connection_, after);
  if (job.run(transaction)) {
    ++batch.succeeded;
    batch.after.changed.add_all(std::move(after.changed));
    batch.after.cut_log = batch.after.cut_log || after.cut_log;
  }
  if (!connection_.in_transaction()) {
    return rolled_back_by_itself();
  }
  return Done();
}

Result<Done> SqliteWriter::run_grouped(Batch& batch, Job<SqliteTransaction>& job) {
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

Result<Done> SqliteWriter::finish(const Batch& batch) {
  if (batch.succeeded == 0) {
    connection_.roll_back();
    return Done();
  }
  auto committed = connection_.run("COMMIT");
  if (committed) {
    writes_.fetch_add(batch.succeeded, std::memory_order_relaxed);
    commits_.fetch_add(1, std::memory_order_relaxed);
  }
  return committed;
}

void SqliteWriter::publish(Batch batch) {
  auto answer_all = [jobs = std::move(batch.jobs)] {
    for (const JobPointer& job : jobs) {
      job->answer();
    }
  };
  if (batch.after.changed.none()) {
    answer_all();
  } else {
    listener_.forget(std::move(batch.after.changed).take(), std::move(answer_all));
  }
}

}  // namespace ginnel::storage
