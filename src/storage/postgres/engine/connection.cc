// SPDX-License-Identifier: MIT
#include "storage/postgres/engine/connection.h"

#include <algorithm>
#include <new>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include "storage/postgres/engine/parameters.h"

namespace ginnel::storage::postgres {
namespace {

/// Statements that a server keeps prepared for a connection. Their texts are the program's own, so
/// that a connection never has as many; should it, what comes then is not kept.
constexpr std::size_t kMostPrepared = 500;

}  // namespace

/// Queries that were sent with one sync behind them, and whoever waits for their answer.
struct Connection::Batch {
  enum class Step : std::uint8_t { kPrepare, kRun };

  Batch(const asio::any_io_executor& loop, Deadline until) : answered(loop, until) {}

  std::vector<Step> steps;                  ///< what the server gives a result for, in order
  std::size_t taken = 0;                    ///< of those
  std::vector<std::string> new_statements;  ///< that it is the first to prepare, in order
  std::size_t prepared = 0;                 ///< of those
  Answer answer;
  bool is_over = false;
  asio::steady_timer answered;  ///< expires when the wait does; cancelled when there is an answer
};

Task<Result<std::shared_ptr<Connection>>> Connection::open(BlockingThread& thread,
                                                           ConnectOptions options) {
  const asio::any_io_executor loop = co_await asio::this_coro::executor;
  auto connecting = thread.run([options] { return connect(options); });
  auto handle = co_await std::move(connecting);
  if (!handle) {
    co_return std::move(handle).error();
  }
  std::shared_ptr<Connection> connection(new Connection(loop, std::move(*handle)));
  auto beginning = connection->begin(options);
  auto begun = co_await std::move(beginning);
  if (!begun) {
    co_return std::move(begun).error();
  }
  co_return std::move(connection);
}

Connection::Connection(asio::any_io_executor loop, Handle handle)
    : loop_(std::move(loop)), handle_(std::move(handle)), socket_(loop_) {}

Connection::~Connection() {
  if (socket_.is_open()) {
    socket_.release();  // it is libpq's
  }
}

/// Makes the session what every caller relies on.
Task<Result<Done>> Connection::begin(const ConnectOptions& options) {
  socket_.assign(PQsocket(handle_.get()));
  if (PQsetnonblocking(handle_.get(), 1) != 0 || PQenterPipelineMode(handle_.get()) != 1) {
    co_return fault_of(handle_.get()).error;
  }
  wait_for_answers();
  const std::string limit = std::to_string(options.statement_limit.count());
  std::vector<Query> settings;
  settings.emplace_back(
      "SELECT set_config('statement_timeout', $1, false), "
      "set_config('idle_in_transaction_session_timeout', $2, false)",
      limit,
      limit);
  // A change that was acknowledged is on the disk; what waits for standbys besides may stay so.
  settings.emplace_back(
      "SELECT set_config('synchronous_commit', 'on', false) "
      "WHERE current_setting('synchronous_commit') IN ('off', 'local', 'remote_write')");
  auto setting =
      run(std::move(settings), std::chrono::steady_clock::now() + options.statement_limit);
  const auto answer = co_await std::move(setting);
  if (!answer) {
    co_return answer.fault->error;
  }
  co_return Done();
}

Task<Answer> Connection::run(std::vector<Query> queries, Deadline until) {
  const auto self = shared_from_this();  // whoever asked may let go of it meanwhile
  Answer refused;
  if (end_) {
    refused.fault = end_;
    co_return refused;
  }
  const auto batch = std::make_shared<Batch>(loop_, until);
  batches_.push_back(batch);
  or_close([&] {
    if (!send(*batch, queries)) {
      close(fault_of(handle_.get()));
    }
  });
  if (!end_) {
    boost::system::error_code code;
    auto waiting = batch->answered.async_wait(asio::redirect_error(asio::use_awaitable, code));
    co_await std::move(waiting);
  }
  if (batch->is_over) {
    co_return std::move(batch->answer);
  }
  refused.fault = end_ ? *end_ : too_late();
  co_return refused;
}

bool Connection::send(Batch& batch, const std::vector<Query>& queries) {
  for (const Query& query : queries) {
    if (!send(batch, query)) {
      return false;
    }
  }
  if (PQpipelineSync(handle_.get()) != 1) {
    return false;
  }
  wait_for_room();
  return true;
}

bool Connection::send(Batch& batch, const Query& query) {
  const Parameters parameters(query);
  const auto known = prepared_.find(query.sql());
  if (known == prepared_.end() && prepared_.size() >= kMostPrepared) {
    batch.steps.push_back(Batch::Step::kRun);
    return PQsendQueryParams(handle_.get(),
                             query.sql().c_str(),
                             parameters.count(),
                             query.types().data(),
                             parameters.values.data(),
                             parameters.lengths.data(),
                             parameters.formats.data(),
                             kBinary) == 1;
  }
  std::string name;
  if (known == prepared_.end()) {
    name = "ginnel_" + std::to_string(++names_);
    batch.steps.push_back(Batch::Step::kPrepare);
    batch.new_statements.push_back(query.sql());
    prepared_.emplace(query.sql(), name);
    if (PQsendPrepare(handle_.get(),
                      name.c_str(),
                      query.sql().c_str(),
                      parameters.count(),
                      query.types().data()) != 1) {
      return false;
    }
  } else {
    name = known->second;
  }
  batch.steps.push_back(Batch::Step::kRun);
  return PQsendQueryPrepared(handle_.get(),
                             name.c_str(),
                             parameters.count(),
                             parameters.values.data(),
                             parameters.lengths.data(),
                             parameters.formats.data(),
                             kBinary) == 1;
}

/// Reads what comes, whenever it comes: that a server goes is noticed while nobody asks it.
void Connection::wait_for_answers() {
  socket_.async_wait(asio::posix::stream_descriptor::wait_read,
                     [weak = weak_from_this()](const boost::system::error_code& code) {
                       const auto self = weak.lock();
                       if (self && !code && !self->end_) {
                         self->on_readable();
                       }
                     });
}

/// Sends what libpq has not sent yet, as soon as the socket takes it.
void Connection::wait_for_room() {
  if (waits_for_room_ || end_) {
    return;
  }
  switch (PQflush(handle_.get())) {
    case 0:
      return;
    case 1:
      break;
    default:
      close(fault_of(handle_.get()));
      return;
  }
  waits_for_room_ = true;
  socket_.async_wait(asio::posix::stream_descriptor::wait_write,
                     [weak = weak_from_this()](const boost::system::error_code& code) {
                       if (const auto self = weak.lock(); self && !code) {
                         self->waits_for_room_ = false;
                         self->or_close([&self] { self->wait_for_room(); });
                       }
                     });
}

void Connection::on_readable() {
  or_close([this] {
    if (PQconsumeInput(handle_.get()) != 1) {
      close(fault_of(handle_.get()));
      return;
    }
    take_results();
    if (!end_) {
      wait_for_answers();
    }
  });
}

void Connection::take_results() {
  int nothing = 0;  // results in a row that are none: libpq gives one behind each query's
  while (!end_ && !batches_.empty() && PQisBusy(handle_.get()) == 0) {
    PGresult* const result = PQgetResult(handle_.get());
    nothing = result == nullptr ? nothing + 1 : 0;
    if (nothing > 1) {
      return;
    }
    if (result != nullptr) {
      take(result);
    }
  }
  if (PQstatus(handle_.get()) == CONNECTION_BAD) {
    close(fault_of(handle_.get()));
  }
}

void Connection::take(PGresult* result) {
  Rows rows(result);
  const BatchPointer batch = batches_.front();
  switch (rows.status()) {
    case PGRES_PIPELINE_SYNC:
      for (std::size_t i = batch->prepared; i < batch->new_statements.size(); ++i) {
        prepared_.erase(batch->new_statements[i]);
      }
      batches_.pop_front();
      batch->is_over = true;
      batch->answered.cancel();
      return;
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
      if (batch->steps.at(batch->taken) == Batch::Step::kPrepare) {
        ++batch->prepared;
      } else {
        batch->answer.rows.push_back(std::move(rows));
      }
      break;
    case PGRES_PIPELINE_ABORTED:
      break;
    default:
      if (!batch->answer.fault) {
        batch->answer.fault = rows.fault();
      }
  }
  ++batch->taken;
}

/// The end of it: whoever waits goes on, and finds why.
void Connection::close(Fault why) noexcept {
  if (end_) {
    return;
  }
  end_ = std::move(why);
  if (socket_.is_open()) {
    socket_.release();
  }
  for (const BatchPointer& batch : batches_) {
    batch->answered.cancel();
  }
  batches_.clear();
}

/// What is half done for want of memory cannot go on.
template <class Work>
void Connection::or_close(Work work) noexcept {
  try {
    work();
  } catch (const std::bad_alloc&) {
    close({Error(ErrorKind::kUnavailable, "no memory left"), {}, {}});  // short: needs none itself
  }
}

}  // namespace ginnel::storage::postgres
