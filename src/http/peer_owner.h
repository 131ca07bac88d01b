// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <sys/types.h>

namespace ginnel::http {

/// The user whose program opened the other end of `connection`, a connected TCP socket, as the user
/// namespace of this process sees it: 65534 for one that is none of its users. Nothing when the
/// kernel cannot tell: the other end is on another machine, behind an address translation or in
/// another network namespace; it was closed (what is on its way then belongs to nobody, and may
/// be shown as root's); or NETLINK_SOCK_DIAG is kept from this process. Takes no more than a few
/// system calls, none of which waits; holds one descriptor meanwhile.
std::optional<uid_t> peer_owner(int connection) noexcept;

}  // namespace ginnel::http
