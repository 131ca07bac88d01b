// SPDX-License-Identifier: MIT
#include "storage/postgres/engine/pool.h"

#include <algorithm>
#include <deque>
#include <exception>
#include <optional>
#include <string_view>
#include <vector>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace ginnel::storage::postgres {
namespace {

using Clock = std::chrono::steady_clock;

Error too_busy(std::string_view why) {
  return Error(ErrorKind::kUnavailable, "The database is busy; try again", std::string(why));
}

/// A caller without a connection.
struct Waiter {
  Waiter(const asio::any_io_executor& loop, Deadline until) : served(loop, until) {}

  std::shared_ptr<Connection> connection;
  std::optional<Error> error;
  asio::steady_timer served;  ///< expires when the wait does; cancelled when it is over
};

struct IdleConnection {
  std::shared_ptr<Connection> connection;
  Clock::time_point since;
};

}  // namespace

struct Pool::State final : std::enable_shared_from_this<State> {
  State(asio::any_io_executor of, BlockingThread& thread, PoolOptions given)
      : loop(std::move(of)), connector(thread), options(std::move(given)) {
    idle.reserve(options.size);  // to give one back needs no memory
  }

  bool may_open() const noexcept { return open + opening < options.size; }

  /// The connection that was used last, for the others grow old then.
  std::shared_ptr<Connection> take_idle() {
    while (!idle.empty()) {
      IdleConnection last = std::move(idle.back());
      idle.pop_back();
      if (last.connection->is_idle() && Clock::now() - last.since < options.max_idle) {
        return std::move(last.connection);
      }
      --open;
    }
    return nullptr;
  }

  void give_back(std::shared_ptr<Connection> connection) {
    if (!connection->is_idle()) {
      --open;
      connection.reset();
      open_for_waiters();
      return;
    }
    if (waiters.empty()) {
      idle.push_back({std::move(connection), Clock::now()});
      return;
    }
    const std::shared_ptr<Waiter> first = std::move(waiters.front());
    waiters.pop_front();
    first->connection = std::move(connection);
    first->served.cancel();
  }

  void open_for_waiters() {
    while (opening < waiters.size() && may_open()) {
      spawn(loop, open_one(shared_from_this()), [](const std::exception_ptr&) {});
      ++opening;  // it begins in a later turn
    }
  }

  static Task<void> open_one(std::shared_ptr<State> self) {
    auto connecting = Connection::open(self->connector, self->options.connect);
    auto opened = co_await std::move(connecting);
    --self->opening;
    if (!opened) {
      self->note_failure(std::move(opened).error());
      co_return;
    }
    self->rest = self->options.first_rest;
    ++self->open;
    self->give_back(std::move(*opened));
  }

  /// Who waits goes on waiting where there is a connection that may become free.
  void note_failure(Error why) {
    if (open > 0 || opening > 0) {
      return;
    }
    rests_until = Clock::now() + rest;
    rest = std::min(rest * 2, options.longest_rest);
    for (const std::shared_ptr<Waiter>& waiter : std::exchange(waiters, {})) {
      waiter->error = why;
      waiter->served.cancel();
    }
    last_failure = std::move(why);
  }

  const asio::any_io_executor loop;
  BlockingThread& connector;
  const PoolOptions options;
  std::vector<IdleConnection> idle;
  std::size_t open = 0;     ///< in use or idle
  std::size_t opening = 0;  ///< being made
  std::deque<std::shared_ptr<Waiter>> waiters;
  std::chrono::milliseconds rest = options.first_rest;
  Clock::time_point rests_until;
  std::optional<Error> last_failure;
  std::uint64_t refused = 0;
};

Pool::Lease::~Lease() {
  if (!connection_) {
    return;
  }
  try {
    pool_->give_back(std::move(connection_));
  } catch (const std::exception&) {
    // No memory to wake somebody: whoever waits does so until the next connection, or in vain.
  }
}

Pool::Pool(asio::any_io_executor loop, BlockingThread& thread, PoolOptions options)
    : state_(std::make_shared<State>(std::move(loop), thread, std::move(options))) {}

Task<Result<Pool::Lease>> Pool::take(Deadline until) {
  const std::shared_ptr<State> state = state_;
  if (auto idle = state->take_idle()) {
    co_return Lease(state, std::move(idle));
  }
  if (state->open == 0 && state->opening == 0 && Clock::now() < state->rests_until) {
    ++state->refused;
    co_return *state->last_failure;
  }
  if (state->waiters.size() >= state->options.queue_limit) {
    ++state->refused;
    co_return too_busy("too many wait for a connection");
  }
  const auto waiter = std::make_shared<Waiter>(state->loop, until);
  state->waiters.push_back(waiter);
  state->open_for_waiters();
  if (!waiter->connection && !waiter->error) {
    boost::system::error_code code;
    auto waiting = waiter->served.async_wait(asio::redirect_error(asio::use_awaitable, code));
    co_await std::move(waiting);
  }
  if (waiter->connection) {
    co_return Lease(state, std::move(waiter->connection));
  }
  ++state->refused;
  if (waiter->error) {
    co_return std::move(*waiter->error);
  }
  std::erase(state->waiters, waiter);
  co_return too_busy("no connection was free in time");
}

Pool::Figures Pool::figures() const noexcept {
  return {
      state_->open, state_->open - state_->idle.size(), state_->waiters.size(), state_->refused};
}

}  // namespace ginnel::storage::postgres
