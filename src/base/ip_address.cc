// SPDX-License-Identifier: MIT
#include "base/ip_address.h"

#include <algorithm>
#include <arpa/inet.h>
#include <netinet/in.h>

namespace ginnel {
namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

}  // namespace

IpAddress unmapped(IpAddress address) noexcept {
  if (address.length == 16 &&
      std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), address.bytes.begin())) {
    IpAddress v4;
    v4.length = 4;
    std::copy(address.bytes.begin() + kMappedPrefix.size(), address.bytes.end(), v4.bytes.begin());
    return v4;
  }
  return address;
}

std::optional<IpAddress> parse_ip_address(std::string_view text) noexcept {
  std::array<char, INET6_ADDRSTRLEN> terminated{};  // inet_pton wants a C string
  if (text.size() >= terminated.size() || text.find('\0') != std::string_view::npos) {
    return std::nullopt;
  }
  text.copy(terminated.data(), text.size());
  const bool v6 = text.find(':') != std::string_view::npos;
  IpAddress address;
  address.length = v6 ? 16 : 4;
  if (::inet_pton(v6 ? AF_INET6 : AF_INET, terminated.data(), address.bytes.data()) != 1) {
    return std::nullopt;
  }
  return unmapped(address);
}

bool is_loopback(const IpAddress& address) noexcept {
  if (address.length == 4) {
    return address.bytes[0] == 127;
  }
  constexpr std::array<std::uint8_t, 16> kLoopback = {
      0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  return address.length == 16 && address.bytes == kLoopback;
}

std::string to_text(const IpAddress& address) {
  if (address.length == 0) {
    return {};
  }
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = address.length == 4 ? AF_INET : AF_INET6;
  ::inet_ntop(family, address.bytes.data(), text.data(), text.size());
  return text.data();
}

}  // namespace ginnel
