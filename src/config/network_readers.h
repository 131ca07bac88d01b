// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/options.h"

namespace ginnel::config {

/// What of IPv6 this machine has.
struct Ipv6Support {
  bool any = false;       ///< the kernel speaks it
  bool loopback = false;  ///< `::1` can be listened on
};

/// As /proc/net/if_inet6 says.
Ipv6Support ipv6_support();

/// Reads `127.0.0.1:8080`, `[::1]:8080`, `:8080` (every address, both families) and
/// `localhost:8080` (every loopback address), separated by commas. What this machine has not
/// according to `ipv6` is left out of the last two. Fails with kInvalid, and with kConflict when an
/// address comes twice.
Result<std::vector<http::ListenAddress>> parse_listen(std::string_view text, Ipv6Support ipv6);

/// `127.0.0.1:8080` or `[::1]:8080`.
std::string to_text(const http::ListenAddress& address);

/// Reads networks in CIDR notation and single addresses, separated by commas. Fails with kInvalid,
/// also when a network has bits beyond its prefix.
Result<std::vector<std::string>> parse_networks(std::string_view text);

/// Reads an http or https URL with a host, without credentials, query and fragment, and gives it
/// without a slash at its end. Fails with kInvalid.
Result<std::string> parse_public_url(std::string_view text);

/// Reads host names separated by commas, and gives them in lower case. Fails with kInvalid.
Result<std::vector<std::string>> parse_hosts(std::string_view text);

/// Reads what the store can open: `sqlite:PATH` or `sqlite::memory:`. Fails with kInvalid.
Result<std::string> parse_database_url(std::string_view text);

}  // namespace ginnel::config
