// SPDX-License-Identifier: MIT
#include "api/local_callers.h"

#include <algorithm>
#include <charconv>

#include "base/ip_address.h"
#include "base/text.h"
#include "domain/target_host.h"
#include "domain/url_parts.h"
#include "service/own_hosts.h"

namespace ginnel::api {
namespace {

/// What of a client's text is repeated to it.
constexpr std::size_t kLongestShown = 100;

constexpr std::uint16_t kHttpPort = 80;
constexpr std::uint16_t kHttpsPort = 443;

constexpr std::string_view kCure = "set api.key, or api.open=true to serve everybody";

Refusal refused(RefusalReason reason, std::string what, std::string_view other_cure = {}) {
  what.append("; without a key this server serves callers on its own machine only: ");
  return {reason, Error(ErrorKind::kForbidden, what.append(other_cure).append(kCure))};
}

std::string shown(std::string_view text) {
  return std::string(text.substr(0, kLongestShown));
}

bool is_loopback_address(std::string_view text) {
  const auto address = parse_ip_address(text);
  return address && is_loopback(*address);
}

/// No name under localhost is anybody else's (RFC 6761 section 6.3).
bool is_loopback_host(std::string_view host) {
  return is_loopback_address(host) || host == "localhost" || host.ends_with(".localhost");
}

/// The first item of X-Forwarded-For that is not of this machine, or nothing. A field that comes
/// twice is given as it stands.
std::optional<std::string_view> forwarded_for(const http::Request& request) {
  const auto list = request.field("X-Forwarded-For");
  if (!list || request.field_count("X-Forwarded-For") > 1) {
    return list;
  }
  std::string_view rest = *list;
  while (!rest.empty()) {
    const std::string_view item = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), item.size() + 1));
    if (!is_loopback_address(trimmed(item))) {
      return trimmed(item);
    }
  }
  return std::nullopt;
}

}  // namespace

LocalCallers::LocalCallers(const service::LinkOptions& links)
    : public_origin_(read_origin(links.public_url)) {
  service::LinkOptions named = links;
  named.public_url.clear();
  names_ = service::own_hosts(named);
}

std::optional<Refusal> LocalCallers::refusal(const http::Request& request) const {
  if (const auto client = forwarded_for(request)) {
    return refused(RefusalReason::kForwarded,
                   "A proxy passed this request on for " + shown(*client));
  }
  const auto asked = read_place(request.authority());
  if (!asked || !is_own_host(asked->host)) {
    return refused(
        RefusalReason::kUnknownHost,
        shown(domain::split_authority(request.authority()).host) + " is no name of this machine",
        "if the name is its own, add it to links.own_hosts or make it that of "
        "links.public_url; otherwise ");
  }
  if (const auto sender = request.field("Origin")) {
    const auto origin = read_origin(*sender);
    const bool one = request.field_count("Origin") == 1;
    if (!one || !origin || !is_own_origin(*origin, *asked)) {
      return refused(RefusalReason::kForeignOrigin,
                     "A page of another origin, " + shown(*sender) + ", sent this request",
                     "if the page is its own, set links.public_url to its origin; otherwise ");
    }
  }
  if (http::same_field_name(request.field("Sec-Fetch-Site").value_or(""), "cross-site")) {
    return refused(RefusalReason::kCrossSite, "A page of another site sent this request");
  }
  return std::nullopt;
}

std::optional<LocalCallers::Place> LocalCallers::read_place(std::string_view authority) {
  const domain::Authority parts = domain::split_authority(authority);
  const auto host = domain::read_host(parts.host);
  if (parts.user || !host) {
    return std::nullopt;
  }
  Place place{host->text, std::nullopt};
  const std::string_view digits = parts.port.value_or("");
  if (!digits.empty()) {
    std::uint16_t port = 0;
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (fault != std::errc() || end != digits.data() + digits.size()) {
      return std::nullopt;
    }
    place.port = port;
  }
  return place;
}

std::optional<LocalCallers::Origin> LocalCallers::read_origin(std::string_view url) {
  const domain::UrlParts parts = domain::split_url(url);
  const std::string scheme = ascii_lower(parts.scheme);
  const auto place = parts.authority ? read_place(*parts.authority) : std::nullopt;
  if (!place || (scheme != "http" && scheme != "https")) {
    return std::nullopt;
  }
  const std::uint16_t usual = scheme == "http" ? kHttpPort : kHttpsPort;
  return Origin{place->host, place->port.value_or(usual), usual};
}

bool LocalCallers::is_own_host(const std::string& host) const {
  return is_loopback_host(host) || (public_origin_ && public_origin_->host == host) ||
         std::ranges::find(names_, host) != names_.end();
}

/// The page that sent the request came from where it asks now, or from one of the server's names;
/// another port of this machine is somebody else.
bool LocalCallers::is_own_origin(const Origin& origin, const Place& asked) const {
  const bool same =
      origin.host == asked.host && origin.port == asked.port.value_or(origin.usual_port);
  const bool named =
      origin.port == origin.usual_port && std::ranges::find(names_, origin.host) != names_.end();
  return same || named || origin == public_origin_;
}

}  // namespace ginnel::api
