// SPDX-License-Identifier: MIT
// How a connection waits, what it holds meanwhile, and how it ends.
#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>

#include "base/release_memory.h"
#include "http/session.h"

namespace ginnel::http {
namespace {

using namespace std::chrono_literals;

/// What is passed over of a lingering connection's bytes in one turn.
constexpr std::size_t kMaxDiscardedBytes = 262'144;

/// A session itself, with its parser and its places in the lists of its loop (2026-11-30).
constexpr std::size_t kSessionBytes = 2'048;

/// A connection that has asked nothing for so long gives its buffers back at the next sweep.
constexpr auto kRestTime = 1s;

/// How long a connection that ends with an error is read, so that the client sees the answer before
/// a reset (RFC 9112 section 9.6).
constexpr auto kLingerTime = 2s;

/// How long a connection that never sent anything may still send its first request once the server
/// drains: its client may have connected just before.
constexpr auto kFirstRequestGrace = 1s;

constexpr ParseFault kTooLate{408, "The request took too long to arrive"};

}  // namespace

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
  input_.release();
  account();
  expect_within(kLingerTime);
  discard();
}

/// Reads and forgets what a client still sends after its connection's last answer. One that sends
/// without a pause is read on in the next turn: it may look for its answer only after its upload.
void Session::discard() {
  std::size_t left = kMaxDiscardedBytes;
  while (left > 0) {
    const IoResult result = socket_.discard(left);
    if (result.outcome == IoResult::Outcome::kWouldBlock) {
      return;
    }
    if (result.outcome != IoResult::Outcome::kDone) {
      close();
      return;
    }
    left -= result.bytes;
  }
  asio::post(loop_.context(), [self = shared_from_this()] {
    if (self->state_ == State::kLingering) {
      self->unless_memory_ends([&] { self->discard(); });
    }
  });
}

void Session::end_if_overdue(std::chrono::steady_clock::time_point now) {
  if (state_ == State::kClosed) {
    return;
  }
  if (now >= write_deadline_ || (now >= deadline_ && state_ == State::kLingering)) {
    close();
    return;
  }
  if (now < deadline_) {
    rest_if_quiet(now);
    return;
  }
  if (state_ == State::kIdle) {
    end_after_answers(false);
  } else if (state_ == State::kStreaming) {
    deadline_ = kNever;
    stream_->cut(kTooLate);
  } else {
    unless_memory_ends([this] { on_fault(kTooLate); });
  }
}

/// A client that keeps its connection for later shall cost next to nothing until then.
void Session::rest_if_quiet(std::chrono::steady_clock::time_point now) {
  if (state_ == State::kIdle && output_.empty() && input_.unparsed().empty() &&
      now - waits_since_ >= kRestTime && held_ > kSessionBytes) {
    input_.release();
    output_.release();
    release_memory(request_.fields_);
    account();
  }
}

/// The client does not keep up: the poller tells when the socket takes more, which is some ten
/// kilobytes at a time (tcp(7)), so that taking a byte now and then gains no time.
void Session::await_taking() {
  if (write_deadline_ == kNever) {
    lags_since_ = loop_.turn_began();
  }
  write_deadline_ = loop_.coarse_now() + context_.options.write_timeout;
}

std::optional<std::chrono::steady_clock::time_point> Session::quiet_since() const noexcept {
  if (write_deadline_ != kNever) {
    return lags_since_;
  }
  const bool waits = state_ == State::kIdle || state_ == State::kHeader ||
                     (state_ == State::kBody && parser_.passes_body_over());
  if ((waits && output_.empty()) || state_ == State::kLingering) {
    return waits_since_;
  }
  return std::nullopt;
}

bool Session::give_way() {
  if (state_ == State::kIdle && socket_.has_unread()) {
    return false;
  }
  close();
  return true;
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
  output_.release();
  account();
  socket_.close();
  loop_.remove(*this);
}

void Session::on_memory_end() {
  context_.observer.handler_failed(request_, "no memory left; the connection is closed");
  close();
}

/// Tells the budget what this connection holds now.
void Session::account() {
  const std::size_t streamed = stream_ ? stream_->held_bytes() : 0;
  const std::size_t holds =
      kSessionBytes + input_.capacity() + output_.capacity() + request_.body_.capacity() + streamed;
  context_.memory.change(held_, holds);
  held_ = holds;
}

void Session::expect_within(std::chrono::milliseconds limit) {
  waits_since_ = loop_.turn_began();
  deadline_ = loop_.coarse_now() + limit;
}

}  // namespace ginnel::http
