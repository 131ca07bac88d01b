// SPDX-License-Identifier: MIT
#pragma once

#include <arpa/inet.h>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/time.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace ginnel::support {

/// A socket address of this machine; port 0 is one that the system chooses.
class LoopbackAddress final {
 public:
  /// `host` is 127.0.0.0/8 or `::1`.
  explicit LoopbackAddress(const std::string& host, std::uint16_t port = 0) {
    auto& v4 = reinterpret_cast<sockaddr_in&>(storage_);
    auto& v6 = reinterpret_cast<sockaddr_in6&>(storage_);
    if (::inet_pton(AF_INET, host.c_str(), &v4.sin_addr) == 1) {
      v4.sin_family = AF_INET;
      v4.sin_port = htons(port);
      size_ = sizeof v4;
    } else if (::inet_pton(AF_INET6, host.c_str(), &v6.sin6_addr) == 1) {
      v6.sin6_family = AF_INET6;
      v6.sin6_port = htons(port);
      size_ = sizeof v6;
    }
  }

  int family() const noexcept { return storage_.ss_family; }
  const sockaddr* get() const noexcept { return reinterpret_cast<const sockaddr*>(&storage_); }
  socklen_t size() const noexcept { return size_; }

 private:
  sockaddr_storage storage_{};
  socklen_t size_ = 0;
};

/// A descriptor that is closed at the end of a test. What the system refuses is an exception: a
/// test cannot go on.
class Descriptor final {
 public:
  explicit Descriptor(int number) : number_(number) { check(number); }
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }

  int get() const noexcept { return number_; }

  void close() noexcept {
    if (number_ >= 0) {
      ::close(std::exchange(number_, -1));
    }
  }

  static void check(int result) {
    if (result < 0) {
      throw std::system_error(errno, std::generic_category());
    }
  }

 private:
  int number_;
};

/// A listening socket on a port that the system chose, for what accepts by hand.
class LoopbackListener final {
 public:
  explicit LoopbackListener(const std::string& host = "127.0.0.1")
      : LoopbackListener(LoopbackAddress(host)) {}

  int descriptor() const noexcept { return socket_.get(); }

  std::uint16_t port() const {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    Descriptor::check(::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size));
    return ntohs(address.ss_family == AF_INET6
                     ? reinterpret_cast<const sockaddr_in6&>(address).sin6_port
                     : reinterpret_cast<const sockaddr_in&>(address).sin_port);
  }

 private:
  explicit LoopbackListener(const LoopbackAddress& address)
      : socket_(::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
    Descriptor::check(::bind(socket_.get(), address.get(), address.size()));
    Descriptor::check(::listen(socket_.get(), 16));
  }

  Descriptor socket_;
};

/// A client that sends bytes as they are and keeps what comes back. A read that nothing ends gives
/// up after ten seconds, so that a test fails and does not hang.
class LoopbackClient final {
 public:
  /// Connects; `from` is the address that the connection comes from.
  explicit LoopbackClient(std::uint16_t port,
                          const std::string& host = "127.0.0.1",
                          const std::string& from = {})
      : LoopbackClient(LoopbackAddress(host, port), from) {}

  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      Descriptor::check(static_cast<int>(sent));
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  /// Sends what the kernel takes now, and gives how many bytes that was.
  std::size_t send_some(std::string_view bytes) {
    const ssize_t sent =
        ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == EAGAIN) {
      return 0;
    }
    Descriptor::check(static_cast<int>(sent));
    return static_cast<std::size_t>(sent);
  }

  /// Tells the server that nothing more comes.
  void end_sending() { Descriptor::check(::shutdown(socket_.get(), SHUT_WR)); }

  void close() noexcept { socket_.close(); }

  /// Takes what is there, without waiting.
  void receive_now() {
    while (receive(MSG_DONTWAIT)) {
    }
  }

  /// Waits until everything received ends like this; false when the connection ended before.
  bool receive_until(std::string_view end) {
    while (!received_.ends_with(end)) {
      if (!receive(0)) {
        return false;
      }
    }
    return true;
  }

  /// Waits for the end of the connection and gives everything that came.
  const std::string& receive_all() {
    while (receive(0)) {
    }
    return received_;
  }

  /// What came so far, and forgets it.
  std::string take() { return std::exchange(received_, {}); }

  const std::string& received() const noexcept { return received_; }

  /// Whether the server ended the connection.
  bool ended() const noexcept { return ended_; }

 private:
  LoopbackClient(const LoopbackAddress& to, const std::string& from)
      : socket_(::socket(to.family(), SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience{10, 0};
    const int on = 1;
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (!from.empty()) {
      const LoopbackAddress address(from);
      Descriptor::check(::bind(socket_.get(), address.get(), address.size()));
    }
    Descriptor::check(::connect(socket_.get(), to.get(), to.size()));
  }

  bool receive(int flags) {
    char bytes[16'384];
    const ssize_t count = ::recv(socket_.get(), bytes, sizeof bytes, flags);
    if (count > 0) {
      received_.append(bytes, static_cast<std::size_t>(count));
      return true;
    }
    ended_ = ended_ || count == 0 || (errno != EAGAIN && errno != EINTR);
    return false;
  }

  Descriptor socket_;
  std::string received_;
  bool ended_ = false;
};

}  // namespace ginnel::support
