// SPDX-License-Identifier: MIT
#include "api/local_callers.h"

#include <unistd.h>
#include <utility>

#include "base/ip_address.h"
#include "base/text.h"
#include "domain/target_host.h"
#include "domain/url_parts.h"
#include "http/proxy_field.h"

namespace ginnel::api {
namespace {

/// What of a client's text is repeated to it.
constexpr std::size_t kLongestShown = 100;

constexpr std::uint16_t kHttpPort = 80;
constexpr std::uint16_t kHttpsPort = 443;

/// Those who log in (login.defs, and systemd's https://systemd.io/UIDS-GIDS): regular users are
/// 1000 to 60000, those of systemd-homed 60001 to 60513. Below are accounts of the system; above
/// are those that systemd makes for a service (61184 to 65519) and those of containers.
constexpr uid_t kFirstWhoLogsIn = 1'000;
constexpr uid_t kLastWhoLogsIn = 60'513;

/// "nobody", and how the kernel shows who is no user of this namespace: many, so never us.
constexpr uid_t kNobody = 65'534;

Refusal refused(RefusalReason reason, std::string what) {
  what.append(
      "; without a key this server serves callers on its own machine only: set api.key to serve "
      "others");
  return {reason, Error(ErrorKind::kForbidden, std::move(what))};
}

std::string shown(std::string_view text) {
  return std::string(text.substr(0, kLongestShown));
}

/// A proxy that adds no field may give itself away by its version: nginx before 1.29.7 speaks
/// HTTP/1.0 to what it stands before unless told otherwise, and browsers and curl speak 1.1.
std::optional<Refusal> proxied(const http::Request& request) {
  if (const auto field = http::proxy_field(request)) {
    return refused(RefusalReason::kForwarded,
                   "A proxy passed this request on, says its " + shown(*field));
  }
  if (!request.is_http11()) {
    return refused(RefusalReason::kForwarded, "A proxy may have passed this HTTP/1.0 request on");
  }
  return std::nullopt;
}

}  // namespace

bool is_loopback_host(std::string_view host) {
  const auto address = parse_ip_address(host);
  return (address && is_loopback(*address)) || host == "localhost" || host.ends_with(".localhost");
}

bool is_root_or_logs_in(uid_t user) noexcept {
  return user == 0 || (user >= kFirstWhoLogsIn && user <= kLastWhoLogsIn);
}

/// That of auto says nothing of who else is at that port of localhost.
LocalCallers::LocalCallers(const service::LinkOptions& links, OwnerOf owner_of)
    : owner_of_(std::move(owner_of)), own_user_(::geteuid()) {
  if (!links.public_url.empty()) {
    public_origin_ = read_origin(links.public_url);
  }
}

std::optional<Refusal> LocalCallers::refusal(const http::Request& request) const {
  if (auto refusal = proxied(request)) {
    return refusal;
  }
  const auto asked = read_place(request.authority());
  if (!asked || !is_loopback_host(asked->host)) {
    return refused(RefusalReason::kUnknownHost,
                   shown(domain::split_authority(request.authority()).host) +
                       " is no name of this machine alone");
  }
  if (auto refusal = refusal_of_page(request, *asked)) {
    return refusal;
  }
  return refusal_of_owner(request);
}

std::optional<Refusal> LocalCallers::refusal_of_page(const http::Request& request,
                                                     const Place& asked) const {
  if (const auto sender = request.field("Origin")) {
    const auto origin = read_origin(*sender);
    const bool one = request.field_count("Origin") == 1;
    if (!one || !origin || !is_own_origin(*origin, asked)) {
      return refused(RefusalReason::kForeignOrigin,
                     "A page of another origin, " + shown(*sender) + ", sent this request");
    }
  }
  if (http::same_field_name(request.field("Sec-Fetch-Site").value_or(""), "cross-site")) {
    return refused(RefusalReason::kCrossSite, "A page of another site sent this request");
  }
  return std::nullopt;
}

/// Tells no name: the one who reads this may be a stranger behind a proxy.
std::optional<Refusal> LocalCallers::refusal_of_owner(const http::Request& request) const {
  const std::optional<uid_t> owner = owner_of_(request);
  if (!owner) {
    return refused(RefusalReason::kUnknownOwner,
                   "The system does not tell whose program sent this request");
  }
  if (is_root_or_logs_in(*owner) || (*owner == own_user_ && *owner != kNobody)) {
    return std::nullopt;
  }
  return refused(RefusalReason::kSystemAccount,
                 "A program of a system account, as proxies are, sent this request");
}

std::optional<LocalCallers::Place> LocalCallers::read_place(std::string_view authority) {
  const domain::Authority parts = domain::split_authority(authority);
  const auto host = domain::read_host(parts.host);
  if (parts.user || !host) {
    return std::nullopt;
  }
  Place place{host->text, std::nullopt};
  if (const std::string_view digits = parts.port.value_or(""); !digits.empty()) {
    place.port = parse_number<std::uint16_t>(digits);
    if (!place.port) {
      return std::nullopt;
    }
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

/// The page that sent the request came from where it asks now, or from the public URL; another port
/// of this machine is somebody else.
bool LocalCallers::is_own_origin(const Origin& origin, const Place& asked) const {
  const bool same =
      origin.host == asked.host && origin.port == asked.port.value_or(origin.usual_port);
  return same || origin == public_origin_;
}

}  // namespace ginnel::api
