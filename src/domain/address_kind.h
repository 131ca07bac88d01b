// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace ginnel::domain {

/// What a host's text is, seen as an IP address.
enum class AddressKind {
  kNone,     ///< no address: a name
  kPublic,   ///< may be reached from anywhere
  kPrivate,  ///< of one network: RFC 1918, RFC 6598, RFC 4193, but for the metadata of clouds there
  kOther,    ///< everything else: loopback, link-local, reserved, multicast...
};

/// Judges `text`, an IPv4 address in dotted decimal or an IPv6 address without brackets, by the
/// special-purpose registries of IANA. IPv6 is public inside 2000::/3 alone, and there not where
/// an IPv4 address is carried (6to4, Teredo, ISATAP): who means the IPv4 address can write it. A
/// network's own prefix for NAT64 or 6rd cannot be told from others.
AddressKind address_kind(const std::string& text) noexcept;

}  // namespace ginnel::domain
