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

/// A host in the one form that all its notations share.
struct TargetHost {
  /// A name in lower case and ASCII (IDNA), without dots at its end; an IPv4 address in dotted
  /// decimal, an IPv6 address in its shortest form without brackets.
  std::string text;

  /// More dots at the end than the one that names may have.
  bool has_extra_dots = false;
};

/// `host` percent-decoded, in ASCII and in lower case, dots at its end included: letters, digits,
/// `-`, `_` and `.` alone, or an IPv6 address in its brackets.
/// Fails with kInvalid and a message for the client.
Result<std::string> ascii_host(std::string_view host);

/// Reads a host in any notation, an IPv6 address in its brackets: percent-encoded, with letters,
/// digits and dots of other scripts, an IPv4 address as one number, in hexadecimal, in octal or
/// shortened. Fails with kInvalid and a message for the client.
Result<TargetHost> read_host(std::string_view host);

/// Why a link may not lead to `host`, as a message for the client, or nothing. `own_hosts` have
/// the form of TargetHost::text.
std::optional<std::string_view> host_fault(const TargetHost& host,
                                           const std::vector<std::string>& own_hosts);

}  // namespace ginnel::domain
