// SPDX-License-Identifier: MIT
#include "app/proxy_notice.h"

#include <string>
#include <utility>

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
  if (told_.load(std::memory_order_relaxed) || proxies_.trusts(peer) || !near_.trusts(peer)) {
    return;
  }
  if (const auto field = http::proxy_field(request)) {
    tell(to_text(peer), *field);
  }
}

void ProxyNotice::tell(std::string_view address, std::string_view sign) {
  if (told_.exchange(true)) {
    return;
  }
  log_.warn("visitors are not told apart",
            {{"proxy", address},
             {"sign", sign},
             {"means", "a proxy passes them on, so that all count as one visitor"},
             {"cure",
              "http.trusted_proxies=" + std::string(address) +
                  ", and a proxy that sends X-Forwarded-For"}});
}

}  // namespace ginnel::app
