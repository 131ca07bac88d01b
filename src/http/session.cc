// SPDX-License-Identifier: MIT
#include "http/session.h"

#include <utility>

#include "base/release_memory.h"
#include "http/problem.h"
#include "http/request_id.h"
#include "http/response_writer.h"

namespace ginnel::http {
namespace {

/// No further request is parsed once a client has left this much of its answers unsent, until all
/// of them are sent: the output is emptied as a whole.
constexpr std::size_t kMaxUnsentBytes = 65'536;

constexpr ParseFault kNoMemory{503, "The memory for connections is used up; try again"};

/// An answer that may be refused once the memory is used up: redirects are smaller.
constexpr std::size_t kLargeAnswer = 4'096;

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

/// Whether requests of this method bring a body that a handler reads.
bool takes_body(Method method) noexcept {
  return method == Method::kPost || method == Method::kPut || method == Method::kPatch;
}

/// Whether large answers of this route are what there is no room for once the memory is used up:
/// pages and lists; not the metrics, which tell of it.
bool is_left_out(const Route* route) noexcept {
  return route != nullptr && (route->paced || route->large);
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
  request_.connection_ = &socket_;
  expect_within(context.options.header_timeout);
  waits_since_ = std::chrono::steady_clock::now();
  account();
}

Session::~Session() {
  context_.memory.change(held_, 0);
}

// Reading -----------------------------------------------------------------------------------------

void Session::on_ready(Readiness readiness) {
  readable_ = readable_ || readiness.readable;
  hung_up_ = hung_up_ || readiness.hung_up;
  unless_memory_ends([&] {
    if (readiness.writable && !output_.empty()) {
      ask_for_flush();
    }
    if (state_ == State::kLingering) {
      discard();
    } else {
      process();
    }
  });
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
  const std::size_t capacity = input_.capacity();
  const bool may_grow = !parser_.passes_body_over() && !context_.memory.exhausted();
  const bool has_space = input_.make_space(may_grow);
  parser_.moved(input_.message());
  if (!has_space) {
    refuse_memory();
    return false;
  }
  if (input_.capacity() != capacity) {
    account();
  }
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
      return state_ == State::kBody && !keep_body();
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
  begin_exchange();
  input_.header_ends_after(request_.viewed_bytes());
  const Router::Match match = context_.router.match(request_.method(), request_.path());
  if (answer_before_body(match)) {
    return;
  }
  enter(State::kBody);
  expect_within(context_.options.body_timeout);
  if (match.route == nullptr || !takes_body(request_.method())) {
    parser_.pass_body_over();
  }
  send_continue();
}

/// Lets a client that waits for it send its body.
void Session::send_continue() {
  if (std::exchange(request_.expects_continue_, false)) {
    output_.bytes().append("HTTP/1.1 100 Continue\r\n\r\n");
    ask_for_flush();
  }
}

/// Whether a request is answered, or given to its handler, before its body has come. The body of
/// one whose sender the guard refuses is not waited for, nor is one that its client would only send
/// to what is not there.
bool Session::answer_before_body(const Router::Match& match) {
  std::optional<Response> refused;
  if (match.route != nullptr) {
    refused = refusal(*match.route);
  } else if (request_.expects_continue_) {
    refused = without_route(request_.method(), match, request_.target() == "*");
  }
  if (!refused && (match.route == nullptr || !match.route->streaming)) {
    return false;
  }
  arrived_ = loop_.turn_began();
  if (refused) {
    refused->close = true;
    finish(*refused, match.route);
  } else {
    begin_stream(match, false);
  }
  return true;
}

/// More of a body has come. Gives false, and ends the request, when there is no memory for it.
bool Session::keep_body() {
  account();
  if (request_.body_.capacity() <= InputBuffer::kInitialBytes || !context_.memory.exhausted()) {
    return true;
  }
  refuse_memory();
  return false;
}

void Session::refuse_memory() {
  context_.memory.note_refused();
  if (state_ == State::kStreaming) {
    stream_->cut(kNoMemory);
  } else {
    on_fault(kNoMemory);
  }
}

/// What is answered instead of something for which there is no room.
Response Session::without_memory() {
  context_.memory.note_refused();
  return problem(kNoMemory.status, kNoMemory.message);
}

// Answering ---------------------------------------------------------------------------------------

/// A request that came with its whole body, or that cannot be read, begins when it is answered.
void Session::begin_exchange() {
  choose_request_id(request_.field("X-Request-ID"), loop_.random(), request_.request_id_);
  request_.caller_.name.clear();
  request_.caller_.rights = Rights::kVisit;
  context_.observer.began(request_);
}

void Session::on_request() {
  if (state_ == State::kHeader) {
    begin_exchange();
  }
  arrived_ = loop_.turn_began();
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
  start_in_turn(match);
}

/// Notes who sends the request; gives what is answered when the guard refuses it, or when the
/// server has no room for more than visitors.
std::optional<Response> Session::refusal(const Route& route) {
  if (route.guarded && only_once_) {
    return problem(503, "Too many connections");
  }
  if (route.guarded && context_.memory.exhausted()) {
    return without_memory();
  }
  auto caller = context_.router.admit(route, request_);
  if (!caller) {
    return problem(caller.error());
  }
  request_.caller_ = std::move(*caller);
  return std::nullopt;
}

void Session::on_fault(ParseFault fault) {
  if (state_ <= State::kHeader) {
    begin_exchange();
  }
  arrived_ = loop_.turn_began();
  Response response = problem(fault.status, fault.message);
  response.close = true;
  finish(response, nullptr);
}

void Session::finish(Response& response, const Route* route) {
  if (response.body.size() > kLargeAnswer && is_left_out(route) && context_.memory.exhausted()) {
    response = without_memory();
  }
  if (response.error) {
    present_error(request_, response);
    context_.router.show_error(request_, route, response);
  }
  response.guarded = route != nullptr && route->guarded;
  if (response.guarded && response.keeping != Keeping::kNever) {
    response.add("Vary", context_.router.guard_fields());
  }
  const bool last = response.close || only_once_ || loop_.closes_after_answers();
  const bool close = last || !request_.keep_alive_;
  const std::size_t capacity = output_.capacity();
  ResponseWriter::append(output_.bytes(), request_, response, loop_.date(), close);
  context_.observer.answered({request_,
                              route,
                              response.status,
                              std::chrono::steady_clock::now() - arrived_,
                              response.error ? response.error->detail : std::string_view()});
  served_any_ = true;
  ask_for_flush();
  input_.drop_message();
  if (request_.has_body_ || output_.capacity() != capacity) {
    release_memory(request_.body_);
    account();
  }
  if (close) {
    end_after_answers(last);
  } else {
    enter(State::kIdle);
    expect_within(context_.options.idle_timeout);
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
  const IoResult result = socket_.send(output_.unsent());
  if (result.outcome == IoResult::Outcome::kFailed) {
    close();
    return;
  }
  output_.mark_sent(result.bytes);
  if (!output_.empty()) {
    await_taking();
    return;
  }
  write_deadline_ = kNever;
  unless_memory_ends([this] { on_sent(); });
}

/// Everything queued is with the kernel.
void Session::on_sent() {
  if (output_.capacity() > OutputBuffer::kKeptBytes) {
    output_.release();
    account();
  }
  if (state_ == State::kEnding) {
    end();
  } else if (readable_ || !input_.unparsed().empty()) {
    process();  // it stopped because too much was unsent
  }
}

}  // namespace ginnel::http
