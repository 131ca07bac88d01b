// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "base/call_context.h"
#include "base/result.h"
#include "base/task.h"
#include "storage/sqlite/engine/job.h"
#include "storage/sqlite/engine/job_queue.h"

namespace ginnel::storage::sqlite {

/// How a call is made: what it may cost its caller, and where a refusal is counted.
struct CallTerms {
  JobKind kind = JobKind::kRead;
  std::chrono::milliseconds limit{0};
  Deadline until = kNoDeadline;  ///< the caller's; whichever comes first ends the wait
  std::shared_ptr<std::atomic<std::uint64_t>> refused;  ///< a call may outlive what it calls
};

/// Runs `work` by way of `queue`, with a Connection or a Transaction, and resumes the
/// caller where it was. Nothing happens until the task is awaited; the queue must live until then.
/// Work that began is not ended by the limit or a cancellation, only the wait for it (kTimeout).
template <class Context>
Task<Result<Done>> run_through(JobQueue<Context>& queue,
                               std::function<Result<Done>(Context&)> work,
                               CallTerms terms);

/// The same with work that gives something.
template <class Context, class T>
Task<Result<T>> call_through(JobQueue<Context>& queue,
                             std::function<Result<T>(Context&)> work,
                             CallTerms terms) {
  // Both threads own it: work whose caller has gone on may still give something.
  const auto given = std::make_shared<std::optional<T>>();
  std::function<Result<Done>(Context&)> keep =
      [given, work = std::move(work)](Context& context) -> Result<Done> {
    auto result = work(context);
    if (!result) {
      return std::move(result).error();
    }
    given->emplace(std::move(*result));
    return Done();
  };
  auto ended = run_through(queue, std::move(keep), std::move(terms));
  auto outcome = co_await std::move(ended);
  if (!outcome) {
    co_return std::move(outcome).error();
  }
  co_return std::move(**given);
}

}  // namespace ginnel::storage::sqlite
