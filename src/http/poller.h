// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "base/operation_memory.h"
#include "base/task.h"

namespace ginnel::http {

/// What a connection became ready for since it was last told.
struct Readiness {
  bool readable = false;
  bool writable = false;
  bool hung_up = false;  ///< the other end sends no more, or the connection broke
};

/// Something that waits for a descriptor.
class Waiter {
 public:
  Waiter() = default;
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;
  virtual ~Waiter() = default;

  virtual void on_ready(Readiness readiness) = 0;
};

/// The connections of one loop and which of them are ready: an edge-triggered epoll set that the
/// loop's io_context waits for as one descriptor.
///
/// Asio's own sockets try a read again after each short one (a second recv(2) a request, which
/// finds nothing) and allocate an operation each time; with this a hot redirect costs one recv and
/// one send (docs/decisions/0006). Everything that waits elsewhere stays Asio's.
///
/// A turn: every ready waiter is told once, then `after_turn` runs. Turns follow one another while
/// there is somebody to tell, for half a millisecond at most; then the io_context goes on. A waiter
/// may close its own descriptor in `on_ready`; it must live until the io_context has gone on.
class Poller final {
 public:
  /// Throws std::system_error when the kernel gives no epoll set.
  Poller(asio::io_context& context, std::function<void()> after_turn);

  /// Begins to wait. Until `stop`, this keeps the io_context running.
  void start();
  void stop();

  /// Tells `waiter` of `descriptor` from now on, until the descriptor is closed. Gives false when
  /// the kernel refuses.
  bool add(int descriptor, Waiter& waiter) noexcept;

  /// Whether a turn is under way, so that `after_turn` is still to come.
  bool in_turn() const noexcept { return in_turn_; }

  /// When the last turn began.
  std::chrono::steady_clock::time_point turn_began() const noexcept { return turn_began_; }

 private:
  void take_turns();
  bool take_turn();

  asio::posix::stream_descriptor set_;
  OperationMemory memory_;  ///< of the wait for the set
  std::function<void()> after_turn_;
  bool in_turn_ = false;
  std::chrono::steady_clock::time_point turn_began_;
};

}  // namespace ginnel::http
