// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace ginnel::http {

/// Whether `value` may stand in a Host field: empty, or a host and perhaps a port (`h`, `h:80`,
/// `[::1]:8080`). Narrower than RFC 3986 section 3.2.2: a name is letters, digits, `-`, `.` and
/// `_`, as all names of the DNS are; so no list, no user, no path and no percent sign passes, which
/// two servers could read differently. Does not allocate.
bool is_host_field(std::string_view value) noexcept;

}  // namespace ginnel::http
