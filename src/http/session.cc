// SPDX-License-Identifier: MIT
#include "http/session.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "http/request_id.h"
#include "http/response_writer.h"

namespace ginnel::http {
namespace {

using namespace std::chrono_literals;

/// No further request is parsed once a client has left this much of its answers unsent, until all
/// of them are sent: the output is emptied as a whole.
constexpr std::size_t kMaxUnsentBytes = 65'536;

/// Reads of a lingering connection in one turn; a client that sends more is cut off.
constexpr int kMaxDiscardingReads = 64;

/// Memory that an output keeps once it is sent.
constexpr std::size_t kKeptOutputBytes = 65'536;

/// How long a connection that ends with an error is read, so that the client sees the answer before
/// a reset (RFC 9112 section 9.6).
constexpr auto kLingerTime = 2s;

/// How long a connection that never sent anything may still send its first request once the server
/// drains: its client may have connected just before.
constexpr auto kFirstRequestGrace = 1s;

constexpr auto kNever = std::chrono::steady_clock::time_point::max();

std::string what(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "unknown exception";
  }
}

Response without_route(Method method, const Router::Match& match, bool any_target) {
  if (method == Method::kOptions && (any_target || !match.allow.empty())) {
    Response response;
    response.add("Allow", any_target ? "GET, HEAD, POST, PUT, DELETE, OPTIONS" : match.allow);
    return response;
  }
  if (match.allow.empty()) {
    return problem(404, "Not found");
  }
  Response response = problem(405, "Method not allowed");
  response.add("Allow", match.allow);
  return response;
}

}  // namespace

Session::Session(Loop& loop, const SessionContext& context, Socket socket)
    : loop_(loop),
      context_(context),
      socket_(std::move(socket)),
      parser_(request_, context.options.max_body_bytes) {
  request_.core_ = loop.core();
  request_.peer_ = socket_.peer();
  expect_within(context.options.header_timeout);
}

void Session::refuse() {
  set_request_id();
  Response response = problem(503, "Too many connections");
  response.close = true;
  finish(response, nullptr);
}

// Reading -----------------------------------------------------------------------------------------

void Session::on_ready(Readiness readiness) {
  readable_ = readable_ || readiness.readable;
  hung_up_ = hung_up_ || readiness.hung_up;
  if (readiness.writable && !output_.empty()) {
    ask_for_flush();
  }
  if (state_ == State::kLingering) {
    discard();
  } else {
    process();
  }
}

/// Answers what is there. Not entered twice: a handler that does not wait ends inside it.
void Session::process() {
  if (processing_) {
    return;
  }
  processing_ = true;
  while (state_ <= State::kBody && output_.size() < kMaxUnsentBytes) {
    const bool advanced = !input_.unparsed().empty() && advance();
    if (!advanced && !(readable_ && receive())) {
      break;
    }
  }
  processing_ = false;
}

/// Reads once; gives false when nothing new is there. After a read that leaves space the socket is
/// empty, and the poller tells when it no longer is; only the end of the stream is asked for again.
bool Session::receive() {
  input_.make_space();
  parser_.moved(input_.message());
  const std::span<char> space = input_.space();
  const IoResult result = socket_.receive(space);
  switch (result.outcome) {
    case IoResult::Outcome::kDone:
      input_.mark_filled(result.bytes);
      readable_ = result.bytes == space.size() || hung_up_;
      return true;
    case IoResult::Outcome::kWouldBlock:
      readable_ = false;
      return false;
    case IoResult::Outcome::kEnded:
      end_after_answers(false);
      return false;
    case IoResult::Outcome::kFailed:
      close();
      return false;
  }
  return false;
}

/// Reads and forgets what a client still sends after its connection's last answer.
void Session::discard() {
  for (int reads = 0; reads < kMaxDiscardingReads; ++reads) {
    const IoResult result = socket_.receive(input_.space());
    if (result.outcome == IoResult::Outcome::kWouldBlock) {
      return;
    }
    if (result.outcome != IoResult::Outcome::kDone) {
      break;
    }
  }
  close();
}

/// Gets one step further with the bytes that are there; gives false when it needs more.
bool Session::advance() {
  if (state_ == State::kIdle) {
    parser_.restart(input_.message());
    enter(State::kHeader);
    expect_within(context_.options.header_timeout);
  }
  std::size_t consumed = 0;
  const auto outcome = parser_.parse(input_.unparsed(), consumed);
  input_.mark_parsed(consumed);
  switch (outcome) {
    case Parser::Outcome::kNeedMore:
      if (parser_.header_done() && !input_.in_body()) {
        on_header();
      }
      return false;
    case Parser::Outcome::kComplete:
      on_request();
      return true;
    case Parser::Outcome::kFailed:
      on_fault(parser_.fault());
      return true;
  }
  return false;
}

void Session::on_header() {
  input_.header_ends_here();
  enter(State::kBody);
  expect_within(context_.options.body_timeout);
  if (request_.expects_continue_) {
    output_.append("HTTP/1.1 100 Continue\r\n\r\n");
    ask_for_flush();
  }
}

// Answering ---------------------------------------------------------------------------------------

void Session::on_request() {
  request_began_ = loop_.turn_began();
  set_request_id();
  const Router::Match match = context_.router.match(request_.method(), request_.path());
  if (match.route == nullptr) {
    finish(without_route(request_.method(), match, request_.target() == "*"), nullptr);
    return;
  }
  if (match.route->immediate) {
    Response& response = loop_.response();
    response.reset();
    if (match.route->immediate(request_, match.parameters, response)) {
      finish(response, match.route);
      return;
    }
  }
  enter(State::kHandling);
  deadline_ = kNever;  // every wait of a handler has a deadline of its own
  loop_.handler_started();
  spawn(loop_.context().get_executor(),
        run_handler(*match.route, match.parameters),
        [self = shared_from_this(), route = match.route](const std::exception_ptr& thrown) {
          self->on_handler_end(*route, thrown);
        });
}

/// The session outlives it: the completion of its spawn owns a share.
Task<void> Session::run_handler(const Route& route, PathParameters parameters) {
  handler_response_ = co_await route.handler(request_, parameters);
}

void Session::on_handler_end(const Route& route, const std::exception_ptr& thrown) {
  loop_.handler_ended();
  if (thrown) {
    context_.observer.handler_failed(request_, what(thrown).c_str());
    handler_response_ = problem(500, "Internal server error");
  }
  if (state_ == State::kHandling) {
    finish(handler_response_, &route);
    process();
  }
}

void Session::on_fault(ParseFault fault) {
  request_began_ = loop_.turn_began();
  set_request_id();
  Response response = problem(fault.status, fault.message);
  response.close = true;
  finish(response, nullptr);
}

void Session::finish(const Response& response, const Route* route) {
  const bool close = response.close || loop_.closes_after_answers() || !request_.keep_alive_;
  ResponseWriter::append(output_, request_, response, loop_.date(), close);
  context_.observer.answered({request_,
                              route,
                              response.status,
                              std::chrono::steady_clock::now() - request_began_,
                              response.log_detail});
  served_any_ = true;
  ask_for_flush();
  input_.drop_message();
  if (close) {
    end_after_answers(response.close || loop_.closes_after_answers());
  } else {
    enter(State::kIdle);
    expect_within(context_.options.idle_timeout);
  }
}

void Session::set_request_id() {
  choose_request_id(request_.field("X-Request-ID"), loop_.random(), request_.request_id_);
}

// Sending -----------------------------------------------------------------------------------------

void Session::ask_for_flush() {
  if (!flush_pending_) {
    flush_pending_ = true;
    loop_.flush_later(*this);
  }
}

void Session::flush() {
  flush_pending_ = false;
  if (state_ == State::kClosed || output_.empty()) {
    return;
  }
  const IoResult result = socket_.send(std::string_view(output_).substr(sent_));
  if (result.outcome == IoResult::Outcome::kFailed) {
    close();
    return;
  }
  sent_ += result.bytes;
  if (sent_ < output_.size()) {
    // The client does not keep up: the poller tells when the socket takes more.
    write_deadline_ = loop_.coarse_now() + context_.options.write_timeout;
    return;
  }
  output_.clear();
  sent_ = 0;
  write_deadline_ = kNever;
  on_sent();
}

/// Everything queued is with the kernel.
void Session::on_sent() {
  if (output_.capacity() > kKeptOutputBytes) {
    output_ = {};
  }
  if (state_ == State::kEnding) {
    end();
  } else if (readable_ || !input_.unparsed().empty()) {
    process();  // it stopped because too much was unsent
  }
}

// Ending ------------------------------------------------------------------------------------------

void Session::end_after_answers(bool linger) {
  enter(State::kEnding);
  deadline_ = kNever;  // the write deadline is what is left
  linger_ = linger;
  if (output_.empty()) {
    end();
  }
}

void Session::end() {
  if (!linger_) {
    close();
    return;
  }
  socket_.shutdown_send();
  enter(State::kLingering);
  expect_within(kLingerTime);
  input_.clear();
  discard();
}

void Session::end_if_overdue(std::chrono::steady_clock::time_point now) {
  if (now >= write_deadline_ || (now >= deadline_ && state_ == State::kLingering)) {
    close();
    return;
  }
  if (now < deadline_) {
    return;
  }
  if (state_ == State::kIdle) {
    end_after_answers(false);
  } else {
    on_fault({408, "The request took too long to arrive"});
  }
}

void Session::drain() {
  if (state_ != State::kIdle || !input_.unparsed().empty()) {
    return;
  }
  if (served_any_) {
    end_after_answers(false);
  } else {
    deadline_ = std::min(deadline_, std::chrono::steady_clock::now() + kFirstRequestGrace);
  }
}

void Session::close() {
  if (state_ == State::kClosed) {
    return;
  }
  enter(State::kClosed);
  socket_.close();
  loop_.remove(*this);
}

void Session::expect_within(std::chrono::milliseconds limit) {
  deadline_ = loop_.coarse_now() + limit;
}

}  // namespace ginnel::http
