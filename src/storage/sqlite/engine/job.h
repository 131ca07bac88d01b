// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "base/error.h"

namespace ginnel::storage::sqlite {

/// How the thread that runs a job has to treat it.
enum class JobKind : std::uint8_t {
  kRead,    ///< changes nothing
  kChange,  ///< shares a transaction with its neighbours
  kImport,  ///< has a transaction of its own, however long it takes
  kShip,    ///< has a transaction of its own, and lets the others go first (JobQueue)
};

/// One call of a store, on its way from a loop to a thread of the store and back.
///
/// The thread calls `take` once; when that says true, then `run`, then `answer` or `refuse`, each
/// once. None of them throws, want of memory or not. `Context` is what the work runs on: a
/// connection, or a transaction.
template <class Context>
class Job {
 public:
  explicit Job(JobKind kind) noexcept : kind_(kind) {}
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;
  virtual ~Job() = default;

  JobKind kind() const noexcept { return kind_; }

  /// Claims the job: false when its caller no longer waits, and then nothing may be done with it.
  virtual bool take() noexcept = 0;

  /// Does the work and keeps its answer; true when it succeeded.
  virtual bool run(Context& context) noexcept = 0;

  /// Sends the kept answer to the caller's executor.
  virtual void answer() noexcept = 0;

  /// Sends `error` instead of an answer; where there is no memory for it, that.
  virtual void refuse(const Error& error) noexcept = 0;

 private:
  JobKind kind_;
};

}  // namespace ginnel::storage::sqlite
