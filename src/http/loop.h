// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <unordered_map>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/later_work.h"
#include "base/operation_memory.h"
#include "base/random.h"
#include "base/task.h"
#include "http/memory_budget.h"
#include "http/poller.h"
#include "http/response.h"

namespace ginnel::http {

class Session;

/// One core: an event loop, the connections it serves, and the flush that sends their answers.
///
/// What ends something or goes on with it needs no memory, so that it is not left undone for want
/// of it; what begins something throws std::bad_alloc, and its caller ends the connection.
///
/// Everything here is touched on the loop's own thread, but `connections`, `in_flight` and what is
/// posted to `context`.
class Loop final {
 public:
  explicit Loop(std::size_t core);
  ~Loop();

  std::size_t core() const noexcept { return core_; }
  asio::io_context& context() noexcept { return context_; }

  /// Begins to serve connections and to end overdue ones, once a second. Call before the loop runs.
  void start();

  /// Ends every connection and all waiting, so that the loop runs out of work.
  void stop();

  /// Ends what is overdue `now`; the loop does so once a second. When it comes late, what clients
  /// sent meanwhile is not read yet, so that time is given back to them. Where there are many
  /// connections, most are looked at in the turns that follow.
  void sweep(std::chrono::steady_clock::time_point now);

  /// The time of the last sweep: good to a second, and free.
  std::chrono::steady_clock::time_point coarse_now() const noexcept { return now_; }

  /// When the turn under way began: what it read had arrived by then. One look at the clock serves
  /// all requests of a turn.
  std::chrono::steady_clock::time_point turn_began() const noexcept { return poller_.turn_began(); }

  /// The value of a Date field (RFC 9110 section 5.6.7), made anew by each sweep.
  std::string_view date() const noexcept { return date_; }

  FastRandom& random() noexcept { return random_; }

  /// An answer for handlers that answer at once: one for all, so that nothing is allocated.
  Response& response() noexcept { return response_; }

  /// Counts a connection that is on its way to `add`, from any thread, so that a limit holds while
  /// many arrive at once.
  void expect_connection() noexcept { connections_.fetch_add(1, std::memory_order_relaxed); }

  /// Keeps a session that was expected alive until `remove`, and tells it of its socket. Gives
  /// false when the kernel refuses; the session is not kept then.
  bool add(std::shared_ptr<Session> session);

  /// Takes back `expect_connection`: the connection did not come to `add`.
  void forget_connection() noexcept { connections_.fetch_sub(1, std::memory_order_relaxed); }

  /// Ends the `count` connections that have been quiet longest (Session::quiet_since), or as many
  /// as are; gives how many.
  std::size_t close_quiet(std::size_t count);

  /// Has those connections closed whose unsent answers hold most, some in each turn, until `memory`
  /// is relieved. From any thread; `memory` must outlive the loop.
  void relieve_later(MemoryBudget& memory);

  /// The session is destroyed once the current handler of the loop has returned.
  void remove(Session& session);

  /// Whether a handler of a paced route may start now (Router::pace).
  bool has_time_for_handlers() const noexcept;

  /// Has `session.start_postponed()` called when there is time, in the order of asking.
  void start_later(Session& session);

  /// Whether a handler whose answer is large may start now: a few do at a time, and those who
  /// wait for their turn come first. One that may has to be followed by `end_large`.
  bool begin_large() noexcept;

  /// Has `session.start_large()` called in its turn. Gives false when too many wait for theirs.
  bool start_large_later(Session& session);

  void end_large() noexcept;

  /// Asks for `session.flush()` at the end of this turn, so that all answers of a turn are sent
  /// together.
  void flush_later(Session& session);

  /// Has `work` run before the answers of a turn leave: what they promise is done by then. Call
  /// before the loop runs.
  void before_answers_leave(std::function<void()> work) { before_answers_leave_ = std::move(work); }

  /// From now on every answer ends its connection.
  void close_after_answers() noexcept { closes_after_answers_ = true; }

  bool closes_after_answers() const noexcept { return closes_after_answers_; }

  /// Ends idle sessions now; those that never sent a request get a moment to do so.
  void drain();

  /// Ends every connection at once.
  void close_all();

  /// The number of the loop's thread (gettid(2)); 0 before it runs. From any thread.
  pid_t thread() const noexcept { return thread_; }

  std::size_t connections() const noexcept { return connections_.load(std::memory_order_relaxed); }
  std::size_t in_flight() const noexcept { return in_flight_.load(std::memory_order_relaxed); }

  /// Counts a request whose handler waits.
  void handler_started() noexcept { in_flight_.fetch_add(1, std::memory_order_relaxed); }
  void handler_ended() noexcept { in_flight_.fetch_sub(1, std::memory_order_relaxed); }

 private:
  void sweep_later();
  void sweep_some();
  void flush();
  void relieve();
  using Holder = std::pair<std::size_t, std::shared_ptr<Session>>;
  std::vector<Holder> largest_holders() const noexcept;
  void start_waiting_large();
  void start_postponed();
  std::vector<std::shared_ptr<Session>> all_sessions() const;

  std::size_t core_;
  asio::io_context context_{1};
  asio::steady_timer sweep_timer_{context_};
  OperationMemory sweep_memory_;
  Poller poller_;
  std::chrono::steady_clock::time_point now_;
  std::string date_;
  FastRandom random_;
  Response response_;
  std::unordered_map<Session*, std::shared_ptr<Session>> sessions_;
  std::vector<std::shared_ptr<Session>> to_sweep_;  ///< what the last sweep has not looked at yet
  std::vector<std::shared_ptr<Session>> removed_;   ///< has room for all sessions
  std::function<void()> before_answers_leave_;
  std::deque<std::shared_ptr<Session>> to_start_;
  std::size_t large_ = 0;  ///< handlers with large answers that run
  std::deque<std::shared_ptr<Session>> large_waiting_;
  std::vector<std::shared_ptr<Session>> to_flush_;
  std::vector<std::shared_ptr<Session>> flushing_;
  std::atomic<pid_t> thread_{0};
  std::atomic<std::size_t> connections_{0};
  std::atomic<std::size_t> in_flight_{0};
  std::atomic<MemoryBudget*> to_relieve_{nullptr};
  bool to_trim_ = false;  ///< memory was freed that goes back to the system with the next sweep
  LaterWork sweep_on_{context_, [this] { sweep_some(); }};
  LaterWork sweep_again_{context_, [this] { sweep_later(); }};
  LaterWork let_go_{context_, [this] { removed_.clear(); }};
  LaterWork relieve_{context_, [this] { relieve(); }};
  LaterWork start_{context_, [this] { start_postponed(); }};
  LaterWork start_large_{context_, [this] { start_waiting_large(); }};
  LaterWork flush_{context_, [this] { flush(); }};
  bool closes_after_answers_ = false;
  bool stopped_ = false;
};

}  // namespace ginnel::http
