// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include "base/result.h"
#include "base/task.h"
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

  /// Whether `address`, an IP literal, is in one of the networks.
  bool trusts(std::string_view address) const;

 private:
  std::vector<asio::ip::network_v4> v4_;
  std::vector<asio::ip::network_v6> v6_;
};

/// Who sent a request: the peer, or, when the peer is a trusted proxy, the last address of
/// X-Forwarded-For that is not one. A field that comes twice or holds no address is not believed.
std::string client_address(const Request& request, const TrustedProxies& proxies);

}  // namespace ginnel::http
