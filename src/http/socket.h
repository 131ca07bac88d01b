// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "base/ip_address.h"

namespace ginnel::http {

/// What a read or write of a non-blocking socket came to.
struct IoResult {
  enum class Outcome { kDone, kWouldBlock, kEnded, kFailed };

  Outcome outcome = Outcome::kDone;
  std::size_t bytes = 0;  ///< moved; for kDone only
};

/// One accepted TCP connection: non-blocking, without Nagle's delay, closed when destroyed.
class Socket final {
 public:
  /// Takes one connection that waits at `listener`, a non-blocking listening socket. Gives nothing
  /// when none waits or none can be taken; `error` is errno then.
  static std::optional<Socket> accept(int listener, int& error);

  Socket(Socket&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)), peer_(other.peer_) {}
  Socket& operator=(Socket&& other) = delete;
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() { close(); }

  int descriptor() const noexcept { return descriptor_; }

  /// The address of the other end.
  const IpAddress& peer() const noexcept { return peer_; }

  /// Reads what is there; kEnded when the other end will send no more.
  IoResult receive(std::span<char> into) const noexcept;

  /// Passes over at most `limit` bytes of what is there, without copying them (MSG_TRUNC, tcp(7)).
  IoResult discard(std::size_t limit) const noexcept;

  /// Sends what the kernel takes now.
  IoResult send(std::string_view bytes) const noexcept;

  /// Whether something has come that is not read.
  bool has_unread() const noexcept;

  /// Tells the other end that nothing more comes.
  void shutdown_send() const noexcept;

  void close() noexcept;

 private:
  explicit Socket(int descriptor) noexcept : descriptor_(descriptor) {}

  int descriptor_;
  IpAddress peer_;
};

}  // namespace ginnel::http
