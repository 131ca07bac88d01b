// SPDX-License-Identifier: MIT
#include "app/proxy_notice.h"

#include <string>
#include <utility>

#include "base/text.h"
#include "http/proxy_field.h"

namespace ginnel::app {
namespace {

/// Loopback, and what is private to a site or a link (RFC 1918, 3927, 4193, 6598): a stranger who
/// makes such fields up does not come from there.
http::TrustedProxies near_networks() {
  return *http::TrustedProxies::parse({"127.0.0.0/8",
                                       "::1",
                                       "10.0.0.0/8",
                                       "172.16.0.0/12",
                                       "192.168.0.0/16",
                                       "100.64.0.0/10",
                                       "169.254.0.0/16",
                                       "fc00::/7",
                                       "fe80::/10"});
}

}  // namespace

ProxyNotice::ProxyNotice(observability::Log& log, http::TrustedProxies proxies)
    : log_(log), proxies_(std::move(proxies)), near_(near_networks()) {}

void ProxyNotice::look(const IpAddress& peer, const http::Request& request) noexcept {
  if (told_.load(std::memory_order_relaxed)) {
    return;
  }
  if (proxies_.trusts(peer)) {
    if (const auto field = unread_field(request)) {
      tell(to_text(peer),
           *field,
           "http.client_address_field=" + ascii_lower(*field) +
               ", if it is the proxy that writes it; else a proxy that sends the other");
    }
    return;
  }
  if (!near_.trusts(peer)) {
    return;
  }
  if (const auto field = http::proxy_field(request)) {
    tell(to_text(peer), *field);
  }
}

/// Of the two that say whom a proxy serves, the one that came alone and is not read.
std::optional<std::string_view> ProxyNotice::unread_field(
    const http::Request& request) const noexcept {
  const std::string_view read = proxies_.field_of(request);
  const std::string_view other = read == http::kForwarded ? http::kXForwardedFor : http::kForwarded;
  const bool is_alone = !request.field(read) && request.field(other);
  return is_alone ? std::optional(other) : std::nullopt;
}

void ProxyNotice::tell(std::string_view address, std::string_view sign) {
  tell(address,
       sign,
       "http.trusted_proxies=" + std::string(address) +
           ", and a proxy that sends what http.client_address_field names (X-Forwarded-For)");
}

void ProxyNotice::tell(std::string_view address, std::string_view sign, std::string_view cure) {
  if (told_.exchange(true)) {
    return;
  }
  log_.warn("visitors are not told apart",
            {{"proxy", address},
             {"sign", sign},
             {"means", "a proxy passes them on, so that all count as one visitor"},
             {"cure", cure}});
}

}  // namespace ginnel::app
