// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip_address.h"
#include "base/result.h"
#include "http/options.h"
#include "http/request.h"

namespace ginnel::http {

/// The two fields that say whom a proxy serves.
inline constexpr std::string_view kXForwardedFor = "X-Forwarded-For";
inline constexpr std::string_view kForwarded = "Forwarded";  ///< RFC 7239

/// Networks of proxies that are believed, and what they write.
class TrustedProxies final {
 public:
  /// Trusts nobody.
  TrustedProxies() = default;

  /// Reads networks (`10.0.0.0/8`) and addresses (`::1`). Fails with kInvalid, naming the first
  /// that is neither.
  static Result<TrustedProxies> parse(
      const std::vector<std::string>& networks,
      ClientAddressField field = ClientAddressField::kXForwardedFor);

  /// Whether `address` is in one of the networks. Does not allocate.
  bool trusts(const IpAddress& address) const noexcept;

  /// The name of the field of `request` that is theirs: kXForwardedFor or kForwarded. It need not
  /// be there.
  std::string_view field_of(const Request& request) const noexcept;

 private:
  struct Network {
    IpAddress address;
    std::uint8_t prefix_bits = 0;
  };

  std::vector<Network> networks_;
  ClientAddressField field_ = ClientAddressField::kXForwardedFor;
};

/// Who sent a request: the peer, or, when the peer is a trusted proxy, the last address of its
/// field that is not one. All fields of the name are one list (RFC 9110 section 5.3), of which
/// empty items are none. What holds no address (`unknown`, `_hidden`, garbage) ends the way back
/// at the last address a trusted proxy told: what stands before it may be a stranger's. Does not
/// allocate.
IpAddress client_address(const Request& request, const TrustedProxies& proxies) noexcept;

}  // namespace ginnel::http
