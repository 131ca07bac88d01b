// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <optional>
#include <string_view>

#include "http/client_address.h"
#include "http/request.h"
#include "observability/log.h"

namespace ginnel::app {

/// Says once, in the log, that a proxy passes visitors on and http.trusted_proxies does not name
/// it, or http.client_address_field not what it writes: then all of them count as one visitor, from
/// the proxy's address. Any loop may ask it.
class ProxyNotice final {
 public:
  /// `log` must outlive it.
  ProxyNotice(observability::Log& log, http::TrustedProxies proxies);

  /// Looks whether `request` of `peer` came by such a proxy: from an address of a private network
  /// that is not trusted, with a field that only proxies write; or from one that is, with the field
  /// that the settings do not name alone. Neither waits nor allocates when it did not.
  void look(const IpAddress& peer, const http::Request& request) noexcept;

  /// Says so of the proxy at `address`, which `sign` tells of.
  void tell(std::string_view address, std::string_view sign);

 private:
  std::optional<std::string_view> unread_field(const http::Request& request) const noexcept;
  void tell(std::string_view address, std::string_view sign, std::string_view cure);

  observability::Log& log_;
  http::TrustedProxies proxies_;
  http::TrustedProxies near_;  ///< from where strangers do not come themselves
  std::atomic<bool> told_ = false;
};

}  // namespace ginnel::app
