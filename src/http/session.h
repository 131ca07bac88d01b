// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <vector>

#include "http/body_stream.h"
#include "http/input_buffer.h"
#include "http/loop.h"
#include "http/memory_budget.h"
#include "http/observer.h"
#include "http/options.h"
#include "http/output_buffer.h"
#include "http/parser.h"
#include "http/poller.h"
#include "http/request.h"
#include "http/response.h"
#include "http/router.h"
#include "http/socket.h"

namespace ginnel::http {

/// What every session of a server shares. Lives as long as the server.
struct SessionContext {
  const ServerOptions& options;
  const Router& router;
  ExchangeObserver& observer;
  MemoryBudget& memory;

  /// How large a body this request may have.
  std::size_t max_body_bytes(const Request& request) const;
};

/// One connection: read, parse, answer, again.
///
/// Lives on one loop. Requests are answered one after the other, so pipelined answers are in order;
/// all answers pass one queue, which the loop's flush sends. A route that answers at once costs no
/// coroutine; while another route's handler waits, nothing is read, but for the body that a
/// streaming route asks for.
///
/// What a connection holds is counted in the server's MemoryBudget where it changes. A body that no
/// handler wants is passed over as it comes, an idle connection gives its buffers back, and beyond
/// the budget what needs more is answered 503. Memory that the system refuses ends the connection.
class Session final : public Waiter, public std::enable_shared_from_this<Session> {
 public:
  Session(Loop& loop, const SessionContext& context, Socket socket);
  ~Session() override;

  int descriptor() const noexcept { return socket_.descriptor(); }

  /// Reads, answers, and goes on sending, as far as the socket lets it.
  void on_ready(Readiness readiness) override;

  /// The server has more connections than it should: this one gets one answer, and none of a
  /// guarded route.
  void serve_once() noexcept { only_once_ = true; }

  /// Since when it has been waiting for a whole header, or for a body that nobody wants, while
  /// nothing was to be answered, or for a client that does not take all of its answers; nothing
  /// when it has something to do.
  std::optional<std::chrono::steady_clock::time_point> quiet_since() const noexcept;

  /// Ends a quiet connection for the sake of another. Gives false when a request has come
  /// meanwhile.
  bool give_way();

  /// What the answers hold that the client has not taken; 0 when it has taken all.
  std::size_t unsent_bytes() const noexcept { return output_.empty() ? 0 : output_.capacity(); }

  /// Starts the handler for which there was no time in the turn of its request.
  void start_postponed();

  /// The same of a handler whose answer is large; `Loop::begin_large` was called for it.
  void start_large();

  /// Sends what is queued. Called by the loop at the end of a turn.
  void flush();

  /// Ends the connection when its deadline is before `now`: with 408 when a request was under way.
  void end_if_overdue(std::chrono::steady_clock::time_point now);

  /// Gives the client `lost` more time: the loop stood still for so long.
  void put_off_deadlines(std::chrono::steady_clock::duration lost);

  /// Ends an idle connection; another ends after the answer that is due.
  void drain();

  /// Ends the connection now.
  void close();

 private:
  /// In this order: up to kBody, more of a request may be parsed.
  enum class State {
    kIdle,       ///< between two requests
    kHeader,     ///< part of a header is there
    kBody,       ///< part of a body is there
    kStreaming,  ///< a handler takes the body while it comes
    kHandling,   ///< a handler waits
    kEnding,     ///< no more requests: the last answers are to be sent
    kLingering,  ///< all sent; reading until the client closes, so that it gets the answer
    kClosed,
  };

  template <class Work>
  void unless_memory_ends(Work work);
  void on_memory_end();
  static constexpr auto kNever = std::chrono::steady_clock::time_point::max();

  bool may_parse() const noexcept;
  void process();
  bool receive();
  void discard();
  bool advance();
  void on_header();
  bool answer_before_body(const Router::Match& match);
  bool keep_body();
  void refuse_memory();
  Response without_memory();
  void send_continue();

  void begin_exchange();
  void on_request();
  std::optional<Response> refusal(const Route& route);
  void start_in_turn(const Router::Match& match);
  void start_handler(const Router::Match& match);
  Task<void> run_handler(const Route& route, PathParameters parameters);
  void end_handler(const Route& route);
  void on_handler_end(const Route& route, const std::exception_ptr& thrown);
  void finish_handled(const Route& route);
  void on_fault(ParseFault fault);

  void begin_stream(const Router::Match& match, bool whole);
  void ask_for_body();
  bool pass_body_on();
  void end_stream();
  void on_stream_end(const Route& route);

  void finish(Response& response, const Route* route);

  void ask_for_flush();
  void await_taking();
  void on_sent();

  void end_after_answers(bool linger);
  void end();
  /// Every wait of a handler has a deadline of its own.
  void enter(State state) noexcept {
    state_ = state;
    deadline_ = state == State::kStreaming || state == State::kHandling ? kNever : deadline_;
  }
  void expect_within(std::chrono::milliseconds limit);
  void rest_if_quiet(std::chrono::steady_clock::time_point now);
  void account();

  Loop& loop_;
  const SessionContext& context_;
  Socket socket_;
  State state_ = State::kIdle;
  Request request_;
  Parser parser_;
  InputBuffer input_;
  OutputBuffer output_;
  Router::Match postponed_;
  Response handler_response_;
  std::unique_ptr<BodyStream> stream_;  ///< while the handler of a streaming route runs
  std::chrono::steady_clock::time_point deadline_;
  std::chrono::steady_clock::time_point waits_since_;
  std::chrono::steady_clock::time_point write_deadline_ = kNever;  ///< while a client lags
  std::chrono::steady_clock::time_point lags_since_;
  std::chrono::steady_clock::time_point arrived_;  ///< when the last byte of the request was read
  bool processing_ = false;
  bool flush_pending_ = false;
  bool readable_ = false;  ///< the socket may have more to read
  bool hung_up_ = false;   ///< nothing comes after what can be read now
  bool linger_ = false;
  bool served_any_ = false;
  bool only_once_ = false;
  std::size_t held_ = 0;  ///< what the budget counts for this connection
};

/// The system has no memory for what `work` needs: that ends the connection, and not the process.
template <class Work>
void Session::unless_memory_ends(Work work) {
  try {
    work();
  } catch (const std::bad_alloc&) {
    on_memory_end();
  }
}

}  // namespace ginnel::http
