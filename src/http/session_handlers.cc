// SPDX-License-Identifier: MIT
// How a session runs handlers: each in its turn, and those that take the body while it comes.
#include <exception>
#include <memory>
#include <new>
#include <utility>

#include "base/exception_text.h"
#include "http/problem.h"
#include "http/session.h"

namespace ginnel::http {
namespace {

bool is_paced(const Router::Match& match) {
  const Route& route = *match.route;
  return route.paced && (!route.paced_if || route.paced_if(match.parameters));
}

}  // namespace

/// Starts the handler now, or when its turn comes.
void Session::start_in_turn(const Router::Match& match) {
  const bool large = match.route->large;
  if (large ? loop_.begin_large() : !is_paced(match) || loop_.has_time_for_handlers()) {
    start_handler(match);
    return;
  }
  postponed_ = match;
  if (!large) {
    loop_.start_later(*this);
  } else if (!loop_.start_large_later(*this)) {
    Response refused = problem(503, "Too many lists are asked for at once; try again");
    finish(refused, match.route);
  }
}

void Session::start_postponed() {
  if (state_ == State::kHandling) {
    unless_memory_ends([this] { start_handler(std::exchange(postponed_, {})); });
  }
}

void Session::start_large() {
  const Router::Match match = std::exchange(postponed_, {});
  if (state_ == State::kHandling && !context_.memory.exhausted()) {
    unless_memory_ends([&] { start_handler(match); });
    return;
  }
  loop_.end_large();
  if (state_ == State::kHandling) {
    unless_memory_ends([&] {
      Response refused = without_memory();
      finish(refused, match.route);
      process();
    });
  }
}

void Session::start_handler(const Router::Match& match) {
  loop_.handler_started();
  try {
    spawn(loop_.context().get_executor(),
          run_handler(*match.route, match.parameters),
          [self = shared_from_this(), route = match.route](const std::exception_ptr& thrown) {
            self->on_handler_end(*route, thrown);
          });
  } catch (const std::bad_alloc&) {  // it has not begun
    end_handler(*match.route);
    throw;
  }
}

/// The session outlives it: the completion of its spawn owns a share.
Task<void> Session::run_handler(const Route& route, PathParameters parameters) {
  if (route.streaming) {
    handler_response_ = co_await route.streaming(request_, *stream_);
  } else {
    handler_response_ = co_await route.handler(request_, parameters);
  }
}

void Session::end_handler(const Route& route) {
  loop_.handler_ended();
  if (route.large) {
    loop_.end_large();
  }
}

void Session::on_handler_end(const Route& route, const std::exception_ptr& thrown) {
  end_handler(route);
  unless_memory_ends([&] {
    if (thrown) {
      context_.observer.handler_failed(request_, exception_text(thrown).c_str());
      handler_response_ = is_for_want_of_memory(thrown)
                              ? problem(503, "The server has no memory left; try again")
                              : problem(500, "Internal server error");
    }
    if (stream_) {
      on_stream_end(route);
    } else if (state_ == State::kHandling) {
      finish_handled(route);
      process();
    }
  });
}

/// What the handler answered is not kept with the connection: it may be large.
void Session::finish_handled(const Route& route) {
  Response response = std::exchange(handler_response_, Response());
  finish(response, &route);
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
  send_continue();
  process();
}

/// Gives what was parsed to the handler; false when it was nothing of the body.
bool Session::pass_body_on() {
  if (request_.body_.empty()) {
    return false;
  }
  deadline_ = kNever;
  stream_->put(request_.body_);
  account();
  return true;
}

void Session::end_stream() {
  pass_body_on();
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
    finish_handled(route);
  } else if (state_ == State::kHandling) {
    finish_handled(route);
    process();
  }
}

}  // namespace ginnel::http
