// SPDX-License-Identifier: MIT
#include "http/proxy_field.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace ginnel::http {
namespace {

/// A longer name is judged by its beginning.
constexpr std::size_t kLongestName = 64;

/// Parts of the names of such fields in lower case, of a name between hyphens.
constexpr auto kSigns = std::to_array<std::string_view>({
    // clang-format off
    // Whom the proxy serves, by any name: Forwarded (RFC 7239), X-Forwarded-For, X-Real-IP,
    // X-Cluster-Client-IP, True-Client-IP, X-Originating-IP, CF-Connecting-IPv6, X-ClientIP,
    // X-Real-Port, Remote-Addr...
    "forward", "-ip-", "-ipv4-", "-ipv6-", "realip", "clientip", "userip", "remoteip", "sourceip",
    "srcip", "peerip", "-port-", "-client-addr", "external-address", "-geo-", "geoip", "proxy",
    "balancer",
    // Who a proxy says that is: Remote-User, Remote-Groups, X-Authenticated-User,
    // X-Goog-Authenticated-User-Email, X-MS-Client-Principal, X-WebAuth-User...
    "-remote-", "-authenticated-", "-webauth-", "-x-auth-request-", "-x-auth-email-",
    "-x-auth-groups-", "-goog-iap-", "-client-principal", "-x-ms-token-", "-consumer-",
    "-x-userinfo-", "-x-id-token-", "-oidc-", "-shib-", "-authentik-", "-pomerium-", "-teleport-",
    // What was asked of it, and how: X-Original-URL, X-Rewrite-URL, X-Host, X-Scheme, X-HTTPS,
    // Early-Data (RFC 8470), X-SSL-Client-Verify, X-TLS-Version, X-JA3-Fingerprint...
    "-original-", "-orig-", "-rewrite-", "-x-host-", "-x-proto-", "-x-scheme-", "-x-url-scheme-",
    "-script-name-", "-https-", "-ssl-", "-tls-", "-ja3", "-ja4", "-client-cert", "-client-verify-",
    "-client-dn-", "-early-data-", "-x-request-start-", "-x-queue-",
    // Who passes it on: Via (RFC 9110), CDN-Loop (RFC 8586), Surrogate-Capability, and marks of
    // products.
    "-via-", "-cdn-", "-surrogate-", "-upstream-", "-ingress-", "-edge-location-", "-cf-",
    "-fastly-", "-fly-", "-akamai-", "-x-amz", "-cloudfront-", "-x-cloud-trace-", "-x-azure-",
    "-x-arr-", "-x-appengine-", "-x-envoy-", "-istio-", "-l5d-", "-kong-", "-traefik-",
    "-x-varnish-", "-x-nginx-", "-x-vercel-", "-x-nf-", "-railway-", "-rndr-", "-heroku-",
    "-x-sucuri-", "-incap-", "-tailscale-", "-ngrok-",
    // clang-format on
});

/// `name` between hyphens, in lower case, with `_` as `-`: what passes through a gateway to CGI's
/// names comes out with either.
class HyphenatedName final {
 public:
  explicit HyphenatedName(std::string_view name) noexcept {
    for (const char character : name.substr(0, kLongestName)) {
      append(character == '_' ? '-' : ascii_lower_character(character));
    }
    append('-');
  }

  bool has(std::string_view part) const noexcept {
    return std::string_view(text_.data(), length_).find(part) != std::string_view::npos;
  }

 private:
  void append(char character) noexcept { text_[length_++] = character; }

  std::array<char, kLongestName + 2> text_{'-'};
  std::size_t length_ = 1;
};

bool is_written_by_proxies(std::string_view name) noexcept {
  const HyphenatedName hyphenated(name);
  return std::ranges::any_of(kSigns, [&](std::string_view sign) { return hyphenated.has(sign); });
}

}  // namespace

std::optional<std::string_view> proxy_field(const Request& request) noexcept {
  for (std::size_t place = 0; place < request.field_count(); ++place) {
    if (const std::string_view name = request.field_name(place); is_written_by_proxies(name)) {
      return name;
    }
  }
  return std::nullopt;
}

}  // namespace ginnel::http
