// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ginnel {

/// An IP address as its bytes, the most significant first: 4 of them, 16, or none where it is not
/// known. An IPv4 address in IPv6's form (::ffff:192.0.2.1) counts as IPv4.
struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};
  std::uint8_t length = 0;

  friend bool operator==(const IpAddress&, const IpAddress&) = default;
};

/// The same address, IPv4 where it is IPv4 in IPv6's form.
IpAddress unmapped(IpAddress address) noexcept;

/// Reads `192.0.2.1` or `2001:db8::1`; nothing for any other text. Does not allocate.
std::optional<IpAddress> parse_ip_address(std::string_view text) noexcept;

/// Whether it is of this machine itself: 127.0.0.0/8 or ::1.
bool is_loopback(const IpAddress& address) noexcept;

/// The same written down, as RFC 5952 wants it; empty for none.
std::string to_text(const IpAddress& address);

}  // namespace ginnel
