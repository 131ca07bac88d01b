// SPDX-License-Identifier: MIT
#include "observability/line_sink.h"

#include <algorithm>
#include <cerrno>
#include <new>
#include <poll.h>
#include <unistd.h>

#include <climits>

namespace ginnel::observability {

bool LineSink::admit(std::size_t bytes) noexcept {
  const auto more = static_cast<std::int64_t>(bytes);
  const bool has_lines = lines_.fetch_add(1, std::memory_order_relaxed) < room_.lines;
  const bool has_bytes = bytes_.fetch_add(more, std::memory_order_relaxed) + more <= room_.bytes;
  if (has_lines && has_bytes) {
    return true;
  }
  let_go(bytes);
  note_dropped();
  return false;
}

void LineSink::let_go(std::size_t bytes) noexcept {
  lines_.fetch_sub(1, std::memory_order_relaxed);
  bytes_.fetch_sub(static_cast<std::int64_t>(bytes), std::memory_order_relaxed);
}

void LineSink::log(const spdlog::details::log_msg& message) {
  try {
    line_.assign(message.payload.data(), message.payload.size());
    line_ += '\n';
    write(line_);
  } catch (const std::bad_alloc&) {
    note_dropped();
  }
  let_go(message.payload.size());
}

bool LineSink::wait_until_writable() const {
  constexpr int kStepMs = 50;  // how late a deadline that is set meanwhile may be noticed
  for (;;) {
    const bool waits = Clock::now().time_since_epoch() < deadline_.load();
    pollfd query{descriptor_, POLLOUT, 0};
    const int ready = ::poll(&query, 1, waits ? kStepMs : 0);
    if (ready > 0) {
      return true;
    }
    if ((ready < 0 && errno != EINTR) || !waits) {
      return false;
    }
  }
}

void LineSink::write(std::string_view text) const {
  // A pipe that can be written to takes PIPE_BUF bytes without blocking (pipe(7)).
  while (!text.empty() && wait_until_writable()) {
    const std::size_t piece = std::min<std::size_t>(text.size(), PIPE_BUF);
    const ssize_t written = ::write(descriptor_, text.data(), piece);
    if (written > 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (written < 0 && errno != EINTR && errno != EAGAIN) {
      return;  // the reader is gone, or the disk is full: there is nowhere to say so
    }
  }
}

}  // namespace ginnel::observability
