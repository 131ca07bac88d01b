// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace ginnel::domain {

/// The refusal of a URL without a host that could be one.
inline constexpr std::string_view kMissingHost = "URL has an invalid or missing host";

/// The refusal of a host with characters that no name has.
inline constexpr std::string_view kInvalidHostCharacters =
    "URL hostname contains invalid characters";

/// A host in the one form that all its notations share.
struct TargetHost {
  /// A name in lower case and ASCII (IDNA), without dots at its end; an IPv4 address in dotted
  /// decimal, an IPv6 address in its shortest form without brackets.
  std::string text;

  /// More dots at the end than the one that names may have.
  bool has_extra_dots = false;

  /// Browsers open no such host: letters of both directions of writing stand in one label (RFC
  /// 5893), or one that begins with `xn--` is no name in another script (RFC 3492, UTS #46).
  bool is_dead = false;
};

/// Which hosts links may lead to.
struct TargetRules {
  std::vector<std::string> own_hosts = {};  ///< never to these; in the form of TargetHost::text

  /// Also into the network of whoever opens the link: to private addresses, to names of one label
  /// and to `home.arpa`, `internal`, `local`, `localdomain`, `svc` and what is under them.
  bool allow_private = false;

  std::size_t max_length = 2048;  ///< characters of the whole target
};

/// `host` percent-decoded, in ASCII and in lower case, dots at its end included: letters, digits,
/// `-`, `_` and `.` alone, or an IPv6 address in its brackets.
/// Fails with kInvalid and a message for the client.
Result<std::string> ascii_host(std::string_view host);

/// Reads a host in any notation, an IPv6 address in its brackets: percent-encoded, with letters,
/// digits and dots of other scripts, an IPv4 address as one number, in hexadecimal, in octal or
/// shortened. Fails with kInvalid and a message for the client.
Result<TargetHost> read_host(std::string_view host);

/// Why a link may not lead to `host`, as a message for the client, or nothing.
std::optional<std::string_view> host_fault(const TargetHost& host, const TargetRules& rules);

}  // namespace ginnel::domain
