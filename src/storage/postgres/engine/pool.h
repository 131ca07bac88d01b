// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include <boost/asio/any_io_executor.hpp>

#include "base/blocking_thread.h"
#include "base/call_context.h"
#include "base/result.h"
#include "base/task.h"
#include "storage/postgres/engine/connection.h"

namespace ginnel::storage::postgres {

struct PoolOptions {
  ConnectOptions connect;
  std::size_t size = 4;                ///< connections at most
  std::size_t queue_limit = 4'096;     ///< callers that may wait for one
  std::chrono::seconds max_idle{300};  ///< a connection that was not used for so long is replaced

  /// How long nothing is tried after nobody could be connected to: at first, and at most after
  /// each further failure has doubled it.
  std::chrono::milliseconds first_rest{50};
  std::chrono::milliseconds longest_rest{1'000};
};

/// The connections of one loop, on which everything here is called, resumed and let go. They are
/// made when they are needed.
class Pool final {
  struct State;

 public:
  /// A connection that its holder alone uses. Destroyed, it gives the connection to whoever waits
  /// for one next; unless it is not as it was, with a transaction open or an answer outstanding:
  /// then the connection is closed. May outlive the pool.
  class Lease final {
   public:
    Lease(std::shared_ptr<State> pool, std::shared_ptr<Connection> connection) noexcept
        : pool_(std::move(pool)), connection_(std::move(connection)) {}
    Lease(Lease&&) noexcept = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease();

    Connection* operator->() const noexcept { return connection_.get(); }

   private:
    std::shared_ptr<State> pool_;
    std::shared_ptr<Connection> connection_;
  };

  /// `thread` connects, and must outlive the pool and what it spawned on `loop`.
  Pool(asio::any_io_executor loop, BlockingThread& thread, PoolOptions options);

  /// A connection, as soon as one is free or made. A server that takes no more of them is no error
  /// as long as there is one to wait for.
  ///
  /// Fails with kUnavailable at `until`, when too many wait, when the database cannot be reached,
  /// and for a short while (`PoolOptions::first_rest`) after that without trying; with kInvalid
  /// when it cannot be used. A test is that of `Connection::open`.
  Task<Result<Lease>> take(Deadline until);

  struct Figures {
    std::size_t open = 0;       ///< connections there are
    std::size_t in_use = 0;     ///< of those
    std::size_t waiting = 0;    ///< callers
    std::uint64_t refused = 0;  ///< callers that got none
  };
  Figures figures() const noexcept;

 private:
  std::shared_ptr<State> state_;
};

}  // namespace ginnel::storage::postgres
