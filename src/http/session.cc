// SPDX-License-Identifier: MIT
#include "http/session.h"

#include <algorithm>
#include <exception>
#include <utility>

#include <boost/asio/post.hpp>

#include "base/exception_text.h"
#include "http/problem.h"
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

constexpr ParseFault kTooLate{408, "The request took too long to arrive"};

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

constexpr auto kNever = std::chrono::steady_clock::time_point::max();

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

std::size_t SessionContext::max_body_bytes(const Request& request) const {
  const Route* const route = router.match(request.method(), request.path()).route;
  return route != nullptr && route->streaming ? route->max_body_bytes : options.max_body_bytes;
}

Session::Session(Loop& loop, const SessionContext& context, Socket socket)
    : loop_(loop),
      context_(context),
      socket_(std::move(socket)),
      parser_(request_,
              [&context](const Request& request) { return context.max_body_bytes(request); }) {
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

bool Session::may_parse() const noexcept {
  return state_ <= State::kBody || (state_ == State::kStreaming && stream_->wants_more());
}

/// Answers what is there. Not entered twice: a handler that does not wait ends inside it.
void Session::process() {
  if (processing_) {
    return;
  }
  processing_ = true;
  while (may_parse() && output_.size() < kMaxUnsentBytes) {
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

/// Reads and forgets what a client still sends after its connection's last answer. One that sends
/// without a pause is read on in the next turn: it may look for its answer only after its upload.
void Session::discard() {
  for (int reads = 0; reads < kMaxDiscardingReads; ++reads) {
    const IoResult result = socket_.receive(input_.space());
    if (result.outcome == IoResult::Outcome::kWouldBlock) {
      return;
    }
    if (result.outcome != IoResult::Outcome::kDone) {
      close();
      return;
    }
  }
  asio::post(loop_.context(), [self = shared_from_this()] {
    if (self->state_ == State::kLingering) {
      self->discard();
    }
  });
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
      if (state_ == State::kStreaming) {
        return pass_body_on();
      }
      if (parser_.header_done() && !input_.in_body()) {
        on_header();
        return state_ != State::kBody;
      }
      return false;
    case Parser::Outcome::kComplete:
      if (state_ == State::kStreaming) {
        end_stream();
      } else {
        on_request();
      }
      return true;
    case Parser::Outcome::kFailed:
      if (state_ == State::kStreaming) {
        stream_->cut(parser_.fault());
      } else {
        on_fault(parser_.fault());
      }
      return true;
  }
  return false;
}

void Session::on_header() {
  input_.header_ends_here();
  const Router::Match match = context_.router.match(request_.method(), request_.path());
  if (match.route != nullptr && answer_before_body(match)) {
    return;
  }
  enter(State::kBody);
  expect_within(context_.options.body_timeout);
  if (request_.expects_continue_) {
    output_.append(kContinue);
    ask_for_flush();
  }
}

/// Whether a request is answered, or given to its handler, before its body has come. The body of
/// one whose sender the guard refuses is not waited for.
bool Session::answer_before_body(const Router::Match& match) {
  auto refused = refusal(*match.route);
  if (!refused && !match.route->streaming) {
    return false;
  }
  request_began_ = loop_.turn_began();
  set_request_id();
  if (refused) {
    refused->close = true;
    finish(*refused, match.route);
  } else {
    begin_stream(match, false);
  }
  return true;
}

// Answering ---------------------------------------------------------------------------------------

void Session::on_request() {
  request_began_ = loop_.turn_began();
  set_request_id();
  const Router::Match match = context_.router.match(request_.method(), request_.path());
  if (match.route == nullptr) {
    Response response = without_route(request_.method(), match, request_.target() == "*");
    finish(response, nullptr);
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
  if (auto refused = refusal(*match.route)) {
    finish(*refused, match.route);
    return;
  }
  if (match.route->streaming) {
    begin_stream(match, true);
    return;
  }
  enter(State::kHandling);
  start_handler(match);
}

void Session::start_handler(const Router::Match& match) {
  deadline_ = kNever;  // every wait of a handler has a deadline of its own
  loop_.handler_started();
  spawn(loop_.context().get_executor(),
        run_handler(*match.route, match.parameters),
        [self = shared_from_this(), route = match.route](const std::exception_ptr& thrown) {
          self->on_handler_end(*route, thrown);
        });
}

/// Notes who sends the request; gives what is answered when the guard refuses it.
std::optional<Response> Session::refusal(const Route& route) {
  auto caller = context_.router.admit(route, request_);
  if (!caller) {
    return problem(caller.error());
  }
  request_.caller_ = std::move(*caller);
  return std::nullopt;
}

/// The session outlives it: the completion of its spawn owns a share.
Task<void> Session::run_handler(const Route& route, PathParameters parameters) {
  if (route.streaming) {
    handler_response_ = co_await route.streaming(request_, *stream_);
  } else {
    handler_response_ = co_await route.handler(request_, parameters);
  }
}

void Session::on_handler_end(const Route& route, const std::exception_ptr& thrown) {
  loop_.handler_ended();
  if (thrown) {
    context_.observer.handler_failed(request_, exception_text(thrown).c_str());
    handler_response_ = problem(500, "Internal server error");
  }
  if (stream_) {
    on_stream_end(route);
  } else if (state_ == State::kHandling) {
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

void Session::finish(Response& response, const Route* route) {
  if (response.error) {
    present_error(request_, response);
  }
  const bool close = response.close || loop_.closes_after_answers() || !request_.keep_alive_;
  ResponseWriter::append(output_, request_, response, loop_.date(), close);
  context_.observer.answered({request_,
                              route,
                              response.status,
                              std::chrono::steady_clock::now() - request_began_,
                              response.error ? response.error->detail : std::string_view()});
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

// Streaming ---------------------------------------------------------------------------------------

void Session::begin_stream(const Router::Match& match, bool whole) {
  stream_ =
      std::make_unique<BodyStream>(loop_.context().get_executor(), [this] { ask_for_body(); });
  stream_->put(request_.body_);
  enter(State::kStreaming);
  if (whole) {
    end_stream();
  }
  start_handler(match);
}

/// The handler waits for a piece: from now on the client is expected to send one.
void Session::ask_for_body() {
  expect_within(context_.options.body_timeout);
  if (request_.expects_continue_) {
    request_.expects_continue_ = false;
    output_.append(kContinue);
    ask_for_flush();
  }
  process();
}

/// Gives what was parsed to the handler; false when it was nothing of the body.
bool Session::pass_body_on() {
  if (request_.body_.empty()) {
    return false;
  }
  deadline_ = kNever;
  stream_->put(request_.body_);
  return true;
}

void Session::end_stream() {
  pass_body_on();
  deadline_ = kNever;
  enter(State::kHandling);
  stream_->end();
}

/// The handler has answered, perhaps before the body was there.
void Session::on_stream_end(const Route& route) {
  const std::unique_ptr<BodyStream> stream = std::move(stream_);
  if (state_ == State::kStreaming && stream->fault()) {
    on_fault(*stream->fault());
  } else if (state_ == State::kStreaming) {
    handler_response_.close = true;
    finish(handler_response_, &route);
  } else if (state_ == State::kHandling) {
    finish(handler_response_, &route);
    process();
  }
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
  if (stream_) {
    stream_->cut();
  }
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
  } else if (state_ == State::kStreaming) {
    deadline_ = kNever;
    stream_->cut(kTooLate);
  } else {
    on_fault(kTooLate);
  }
}

void Session::put_off_deadlines(std::chrono::steady_clock::duration lost) {
  for (auto* const deadline : {&deadline_, &write_deadline_}) {
    if (*deadline != kNever) {
      *deadline += lost;
    }
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
  if (stream_) {
    stream_->cut();
  }
  socket_.close();
  loop_.remove(*this);
}

void Session::expect_within(std::chrono::milliseconds limit) {
  deadline_ = loop_.coarse_now() + limit;
}

}  // namespace ginnel::http
