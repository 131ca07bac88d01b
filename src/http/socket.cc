// SPDX-License-Identifier: MIT
#include "http/socket.h"

#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace ginnel::http {
namespace {

IpAddress ip_of(const sockaddr_storage& address) {
  IpAddress ip;
  if (address.ss_family == AF_INET) {
    ip.length = 4;
    std::memcpy(ip.bytes.data(), &reinterpret_cast<const sockaddr_in&>(address).sin_addr, 4);
  } else if (address.ss_family == AF_INET6) {
    ip.length = 16;
    std::memcpy(ip.bytes.data(), &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr, 16);
  }
  return unmapped(ip);
}

/// What `call`, which gives a count of bytes as recv(2) does, came to.
template <class Call>
IoResult result_of(Call call) noexcept {
  ssize_t count = 0;
  do {
    count = call();
  } while (count < 0 && errno == EINTR);
  if (count > 0) {
    return {IoResult::Outcome::kDone, static_cast<std::size_t>(count)};
  }
  if (count == 0) {
    return {IoResult::Outcome::kEnded, 0};
  }
  return {errno == EAGAIN ? IoResult::Outcome::kWouldBlock : IoResult::Outcome::kFailed, 0};
}

}  // namespace

std::optional<Socket> Socket::accept(int listener, int& error) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  const int descriptor = ::accept4(
      listener, reinterpret_cast<sockaddr*>(&address), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (descriptor < 0) {
    error = errno;
    return std::nullopt;
  }
  Socket socket(descriptor);
  socket.peer_ = ip_of(address);
  const int on = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return socket;
}

IoResult Socket::receive(std::span<char> into) const noexcept {
  return result_of([&] { return ::recv(descriptor_, into.data(), into.size(), 0); });
}

IoResult Socket::discard(std::size_t limit) const noexcept {
  return result_of([&] { return ::recv(descriptor_, nullptr, limit, MSG_TRUNC); });
}

IoResult Socket::send(std::string_view bytes) const noexcept {
  return result_of([&] { return ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL); });
}

bool Socket::has_unread() const noexcept {
  char byte = 0;
  return ::recv(descriptor_, &byte, 1, MSG_PEEK) > 0;
}

void Socket::shutdown_send() const noexcept {
  ::shutdown(descriptor_, SHUT_WR);
}

void Socket::close() noexcept {
  if (descriptor_ >= 0) {
    ::close(std::exchange(descriptor_, -1));
  }
}

}  // namespace ginnel::http
