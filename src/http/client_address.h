// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/ip_address.h"
#include "base/result.h"
#include "http/request.h"

namespace ginnel::http {

/// Networks whose X-Forwarded-For is believed.
class TrustedProxies final {
 public:
  /// Trusts nobody.
  TrustedProxies() = default;

  /// Reads networks (`10.0.0.0/8`) and addresses (`::1`). Fails with kInvalid, naming the first
  /// that is neither.
  static Result<TrustedProxies> parse(const std::vector<std::string>& networks);

  /// Whether `address` is in one of the networks. Does not allocate.
  bool trusts(const IpAddress& address) const noexcept;

 private:
  struct Network {
    IpAddress address;
    std::uint8_t prefix_bits = 0;
  };

  std::vector<Network> networks_;
};

/// Who sent a request: the peer, or, when the peer is a trusted proxy, the last address of
/// X-Forwarded-For that is not one. A field that comes twice or holds no address is not believed.
/// Does not allocate.
IpAddress client_address(const Request& request, const TrustedProxies& proxies) noexcept;

}  // namespace ginnel::http
