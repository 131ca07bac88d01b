// SPDX-License-Identifier: MIT
#include "http/body_stream.h"

#include <utility>

#include <boost/asio/as_tuple.hpp>

namespace ginnel::http {

BodyStream::BodyStream(const asio::any_io_executor& loop, std::function<void()> ask)
    : ask_(std::move(ask)), changed_(loop, asio::steady_timer::time_point::max()) {}

Task<Result<std::string_view>> BodyStream::next() {
  piece_.clear();
  asked_ = true;
  if (wants_more()) {
    ask_();
  }
  while (wants_more()) {
    auto change = changed_.async_wait(memory_.bind(asio::as_tuple(asio::use_awaitable)));
    co_await std::move(change);
  }
  asked_ = false;
  if (is_cut()) {
    co_return Error(ErrorKind::kUnavailable, "The rest of the body did not come");
  }
  std::swap(piece_, waiting_);
  co_return std::string_view(piece_);
}

bool BodyStream::wants_more() const noexcept {
  return asked_ && waiting_.empty() && !ended_ && !is_cut();
}

void BodyStream::put(std::string& bytes) {
  if (waiting_.empty()) {
    std::swap(waiting_, bytes);
  } else {
    waiting_ += bytes;
  }
  bytes.clear();
  changed_.cancel();
}

void BodyStream::end() {
  ended_ = true;
  changed_.cancel();
}

void BodyStream::cut(std::optional<ParseFault> fault) {
  if (!fault_) {
    fault_ = fault;
  }
  cut_.store(true, std::memory_order_relaxed);
  changed_.cancel();
}

}  // namespace ginnel::http
