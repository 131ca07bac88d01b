// SPDX-License-Identifier: MIT
#include "http/peer_owner.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "base/file_descriptor.h"

namespace ginnel::http {
namespace {

/// One end of a connection as inet_diag has it: the address in its first 4 or in all 16 bytes, the
/// port in network order.
struct End {
  int family = AF_UNSPEC;
  std::array<std::byte, 16> address{};
  std::uint16_t port = 0;
};

End end_of(const sockaddr_storage& name) {
  End end;
  end.family = name.ss_family;
  if (name.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(name);
    std::memcpy(end.address.data(), &v4.sin_addr, sizeof v4.sin_addr);
    end.port = v4.sin_port;
  } else if (name.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(name);
    std::memcpy(end.address.data(), &v6.sin6_addr, sizeof v6.sin6_addr);
    end.port = v6.sin6_port;
  }
  return end;
}

/// What `get`, getsockname or getpeername, says.
template <class Get>
End ask_end(Get get, int connection) {
  sockaddr_storage name{};
  socklen_t size = sizeof name;
  return get(connection, reinterpret_cast<sockaddr*>(&name), &size) == 0 ? end_of(name) : End();
}

struct Question {
  nlmsghdr header;
  inet_diag_req_v2 request;
};

/// Asks for the one socket between these ends that is at `source`. The kernel finds it by its
/// addresses whichever family it has, so IPv4 in IPv6's form needs nothing of its own.
Question question_for(const End& source, const End& destination) {
  Question question{};
  question.header.nlmsg_len = sizeof question;
  question.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  question.header.nlmsg_flags = NLM_F_REQUEST;
  inet_diag_req_v2& request = question.request;
  request.sdiag_family = static_cast<std::uint8_t>(source.family);
  request.sdiag_protocol = IPPROTO_TCP;
  request.id.idiag_sport = source.port;
  request.id.idiag_dport = destination.port;
  std::memcpy(request.id.idiag_src, source.address.data(), source.address.size());
  std::memcpy(request.id.idiag_dst, destination.address.data(), destination.address.size());
  request.id.idiag_cookie[0] = INET_DIAG_NOCOOKIE;
  request.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
  return question;
}

/// The kernel answers while it is asked, so nothing is waited for.
std::optional<inet_diag_msg> answer_to(const Question& question) {
  const FileDescriptor kernel(
      ::socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_SOCK_DIAG));
  sockaddr_nl name{};
  name.nl_family = AF_NETLINK;
  if (!kernel.is_open() || ::sendto(kernel.number(),
                                    &question,
                                    sizeof question,
                                    0,
                                    reinterpret_cast<const sockaddr*>(&name),
                                    sizeof name) != ssize_t{sizeof question}) {
    return std::nullopt;
  }
  struct {
    nlmsghdr header;
    inet_diag_msg message;
    std::array<std::byte, 512> attributes;
  } answer{};
  const ssize_t size = ::recv(kernel.number(), &answer, sizeof answer, 0);
  if (size < ssize_t{sizeof answer.header + sizeof answer.message} ||
      answer.header.nlmsg_type != SOCK_DIAG_BY_FAMILY) {
    return std::nullopt;
  }
  return answer.message;
}

/// Whether a program still has this socket open, and is connected by it. One that was closed has no
/// inode and may be shown as root's; and where no socket has both ends the kernel gives one that
/// listens at the first.
bool is_held(const inet_diag_msg& socket) {
  const bool connected = socket.idiag_state == TCP_ESTABLISHED ||
                         socket.idiag_state == TCP_FIN_WAIT1 || socket.idiag_state == TCP_FIN_WAIT2;
  return connected && socket.idiag_inode != 0;
}

}  // namespace

std::optional<uid_t> peer_owner(int connection) noexcept {
  const End here = ask_end(::getsockname, connection);
  const End there = ask_end(::getpeername, connection);
  if (here.family != there.family || (here.family != AF_INET && here.family != AF_INET6)) {
    return std::nullopt;
  }
  const auto socket = answer_to(question_for(there, here));
  if (!socket || !is_held(*socket)) {
    return std::nullopt;
  }
  return socket->idiag_uid;
}

}  // namespace ginnel::http
