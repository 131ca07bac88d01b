// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/call_context.h"
#include "base/result.h"
#include "base/task.h"
#include "storage/sqlite/engine/connection.h"
#include "storage/sqlite/engine/job.h"
#include "storage/sqlite/engine/job_queue.h"
#include "storage/sqlite/engine/pending_call.h"
#include "storage/sqlite/engine/read_gate.h"

namespace ginnel::storage::sqlite {

struct ReaderOptions {
  std::chrono::milliseconds limit{5'000};  ///< of a call, its time in the queue included
  std::size_t queue_limit = 16'384;
};

/// The threads that read a database file, each with a connection of its own, all fed by one queue.
class Readers final {
 public:
  /// One thread for each connection. `gate` must outlive this.
  Readers(std::vector<Connection> connections, ReaderOptions options, ReadGate& gate);
  Readers(const Readers&) = delete;
  Readers& operator=(const Readers&) = delete;

  /// Does what is queued, then ends the threads and closes the connections.
  ~Readers();

  /// Runs `work(Connection&)`, which gives a Result. The caller waits until `until`, or for the
  /// limit if that ends earlier.
  template <class Work>
  auto read(Work work, Deadline until = kNoDeadline)
      -> Task<std::invoke_result_t<Work, Connection&>> {
    return call<std::invoke_result_t<Work, Connection&>>(std::move(work), until);
  }

  std::size_t queued() const { return queue_.size(); }
  std::uint64_t refused() const noexcept { return refused_->load(std::memory_order_relaxed); }

 private:
  template <class ResultType>
  Task<ResultType> call(std::function<ResultType(Connection&)> work, Deadline until) {
    CallTerms terms = {JobKind::kRead, options_.limit, until, refused_};
    return call_through(queue_, std::move(work), std::move(terms));
  }

  void run_jobs(Connection& connection);

  const ReaderOptions options_;
  ReadGate& gate_;
  JobQueue<Connection> queue_;
  std::shared_ptr<std::atomic<std::uint64_t>> refused_ =
      std::make_shared<std::atomic<std::uint64_t>>(0);
  std::vector<Connection> connections_;
  std::vector<std::thread> threads_;  ///< last: they use everything above
};

}  // namespace ginnel::storage::sqlite
