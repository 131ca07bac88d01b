// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <boost/asio/posix/stream_descriptor.hpp>

#include "base/blocking_thread.h"
#include "base/call_context.h"
#include "base/result.h"
#include "base/task.h"
#include "storage/postgres/engine/connect.h"
#include "storage/postgres/engine/fault.h"
#include "storage/postgres/engine/query.h"
#include "storage/postgres/engine/rows.h"

namespace ginnel::storage::postgres {

/// What became of queries that were sent together.
struct Answer {
  std::vector<Rows> rows;      ///< of each in order, up to the first that failed
  std::optional<Fault> fault;  ///< of that; none behind it was done

  explicit operator bool() const noexcept { return !fault; }
};

/// A connection to a PostgreSQL server, on one loop: libpq in pipeline mode, without blocking
/// (https://www.postgresql.org/docs/15/libpq-pipeline-mode.html). Everything is called and resumed
/// on that loop, where it also has to be let go.
class Connection final : public std::enable_shared_from_this<Connection> {
 public:
  /// Connects on `thread`, for the loop on which this is awaited. The session then ends by itself
  /// what takes longer than `options.statement_limit`, and a transaction that does nothing for as
  /// long. Fails as `connect` does.
  static Task<Result<std::shared_ptr<Connection>>> open(BlockingThread& thread,
                                                        ConnectOptions options);

  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  /// Has the server do these in order, in one round trip, and gives what each gave. May be called
  /// before an earlier call has its answer: the server takes what it is sent one after the other.
  ///
  /// Their values are a few MiB together at most: libpq moves all that is left with each write that
  /// the socket takes a part of. Queries that are not in a transaction of their own making are one:
  /// none is done when one fails. At `until` the caller hears kTimeout; what it asked for is done
  /// or not, and nobody hears of it. When the connection ends all who wait hear kUnavailable, with
  /// no `Fault::state`: theirs may be done or not, too.
  Task<Answer> run(std::vector<Query> queries, Deadline until);

  /// Why nothing can be asked of it any more, if that is so.
  const std::optional<Fault>& end() const noexcept { return end_; }

  /// Whether it can be used by somebody else: it has no answer outstanding and no transaction open.
  bool is_idle() const noexcept {
    return !end_ && batches_.empty() && PQtransactionStatus(handle_.get()) == PQTRANS_IDLE;
  }

  /// The server's process, to tell one connection from another.
  int backend() const noexcept { return PQbackendPID(handle_.get()); }

 private:
  struct Batch;
  using BatchPointer = std::shared_ptr<Batch>;

  Connection(asio::any_io_executor loop, Handle handle);

  Task<Result<Done>> begin(const ConnectOptions& options);
  bool send(Batch& batch, const std::vector<Query>& queries);
  bool send(Batch& batch, const Query& query);
  void wait_for_answers();
  void wait_for_room();
  void on_readable();
  void take_results();
  void take(PGresult* result);
  void close(Fault why) noexcept;
  template <class Work>
  void or_close(Work work) noexcept;

  const asio::any_io_executor loop_;
  Handle handle_;
  asio::posix::stream_descriptor socket_;
  bool waits_for_room_ = false;
  std::deque<BatchPointer> batches_;  ///< that were sent, in their order
  /// The name of each statement that the server has prepared, by its text.
  std::unordered_map<std::string, std::string> prepared_;
  std::uint64_t names_ = 0;
  std::optional<Fault> end_;
};

}  // namespace ginnel::storage::postgres
