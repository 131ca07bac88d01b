// SPDX-License-Identifier: MIT
#include "storage/sqlite/engine/readers.h"

#include "base/thread.h"

namespace ginnel::storage::sqlite {

Readers::Readers(std::vector<Connection> connections, ReaderOptions options, ReadGate& gate)
    : options_(options),
      gate_(gate),
      queue_(options.queue_limit),
      connections_(std::move(connections)) {
  threads_.reserve(connections_.size());
  for (Connection& connection : connections_) {
    threads_.emplace_back([this, &connection] { run_jobs(connection); });
  }
}

Readers::~Readers() {
  queue_.close();
  for (std::thread& thread : threads_) {
    thread.join();
  }
}

void Readers::run_jobs(Connection& connection) {
  describe_thread("ginnel-read");
  while (auto job = queue_.wait()) {
    bool taken = false;
    {
      const ReadGate::Pass pass(gate_);
      taken = job->take();
      if (taken) {
        job->run(connection);
      }
    }
    if (taken) {
      job->answer();
    }
  }
}

}  // namespace ginnel::storage::sqlite
