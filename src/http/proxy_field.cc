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
    // Whom the proxy serves, by any name: Forwarded (RFC 7239), X-Forwarded-For, X-Real-IP,
    // X-Client-IP, X-Cluster-Client-IP, True-Client-IP, CF-Connecting-IP, X-ProxyUser-Ip...
    "forward",
    "real-ip",
    "realip",
    "client-ip",
    "clientip",
    "client-addr",
    "connecting-ip",
    "source-ip",
    "socket-ip",
    "remote-ip",
    "remote-addr",
    "remote-user",
    "remote-host",
    "external-address",
    "proxy",
    // What was asked of it: X-Original-URL, X-Original-Host, X-Rewrite-URL, X-Host, X-Scheme...
    "-original-",
    "-rewrite-",
    "-x-host-",
    "-x-scheme-",
    "-x-url-scheme-",
    "-front-end-https-",
    "-ssl-client-",
    "-client-cert",
    // Who passes it on: Via (RFC 9110), CDN-Loop (RFC 8586), and marks of products.
    "-via-",
    "-cdn-",
    "-cf-",
    "-fastly-",
    "-fly-",
    "-akamai-",
    "-x-amz",
    "-cloudfront-",
    "-x-cloud-trace-",
    "-x-azure-",
    "-x-arr-",
    "-x-appengine-",
    "-x-envoy-",
    "-x-varnish-",
    "-x-nginx-",
    "-x-haproxy-",
    "-x-vercel-",
    "-x-nf-",
    "-x-sucuri-",
    "-incap-",
    "-tailscale-",
    "-ngrok-",
    "-x-auth-request-",
    "-x-request-start-",
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
