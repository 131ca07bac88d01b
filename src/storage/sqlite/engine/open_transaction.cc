// SPDX-License-Identifier: MIT
#include "storage/sqlite/engine/open_transaction.h"

namespace ginnel::storage::sqlite {

JobQueue<Transaction>::Pointer OpenJobs::wait(std::chrono::milliseconds silence,
                                              const std::function<bool()>& others_wait) {
  // Twice half of it: of a process that was stopped for a while, not the holder was silent.
  for (int halves = 0; halves < 2 || !others_wait(); ++halves) {
    if (auto job = queue.wait_until(JobQueue<Transaction>::Clock::now() + silence / 2)) {
      return job->take() ? job : nullptr;
    }
    if (queue.is_over()) {
      return nullptr;
    }
  }
  queue.close(Error(ErrorKind::kTimeout,
                    "The import took too long; nothing was imported",
                    "its next rows did not come in time"));
  return nullptr;
}

}  // namespace ginnel::storage::sqlite
