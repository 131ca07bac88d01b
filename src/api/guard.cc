// SPDX-License-Identifier: MIT
#include "api/guard.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/ip_address.h"
#include "service/own_hosts.h"

namespace ginnel::api {
namespace {

/// The reference's words, its dash included.
constexpr const char* kNoGoodKey = "Unauthorized \xe2\x80\x93 invalid or missing API key";

constexpr const char* kNoKeySet =
    "Unauthorized \xe2\x80\x93 this server has no API key yet, so it serves visitors of links "
    "only: its operator sets api.key";

/// How others than callers on this machine are to reach the server; empty: not at all. Where a
/// proxy is expected, "from loopback" means nothing.
std::string way_in(const service::LinkOptions& links, const http::ServerOptions& http) {
  if (!only_this_machine_reaches(http.listen)) {
    return "other machines reach this server";
  }
  if (const std::string name = name_for_others(links); !name.empty()) {
    return "others reach this server as " + name + " (links.public_url, links.own_hosts)";
  }
  return http.trusted_proxies.empty() ? "" : "others reach this server by http.trusted_proxies";
}

Guard::Mode mode_of(const GuardOptions& options, const std::string& way_in) {
  if (!options.key.empty()) {
    return Guard::Mode::kKey;
  }
  if (options.open) {
    return Guard::Mode::kOpen;
  }
  return way_in.empty() ? Guard::Mode::kLocal : Guard::Mode::kClosed;
}

http::Principal manager(std::string name = {}) {
  return {std::move(name), http::Rights::kManage};
}

/// The token of `Bearer token`; nothing for other credentials (RFC 9110 section 11.4).
std::optional<std::string_view> bearer_token(std::string_view credentials) {
  constexpr std::string_view kScheme = "Bearer ";
  if (!http::same_field_name(credentials.substr(0, kScheme.size()), kScheme)) {
    return std::nullopt;
  }
  return credentials.substr(
      std::min(credentials.find_first_not_of(' ', kScheme.size()), credentials.size()));
}

/// The key that a request shows; nothing when it shows none, an empty one for a field that comes
/// twice. X-API-Key counts where both are sent: Authorization may be for somebody on the way.
std::optional<std::string_view> shown_key(const http::Request& request) {
  for (const std::string_view name : {"X-API-Key", "Authorization"}) {
    const auto value = request.field(name);
    if (value && request.field_count(name) > 1) {
      return "";
    }
    if (value) {
      return name == "Authorization" ? bearer_token(*value) : value;
    }
  }
  return std::nullopt;
}

}  // namespace

bool only_this_machine_reaches(const std::vector<http::ListenAddress>& listen) {
  return std::ranges::all_of(listen, [](const http::ListenAddress& one) {
    const auto address = parse_ip_address(one.host);
    return address && is_loopback(*address);
  });
}

std::string name_for_others(const service::LinkOptions& links) {
  const std::vector<std::string> names = service::own_hosts(links);
  const auto found = std::ranges::find_if_not(names, is_loopback_host);
  return found == names.end() ? std::string() : *found;
}

bool hides_visitors(const service::LinkOptions& links, const http::ServerOptions& http) {
  return only_this_machine_reaches(http.listen) && !name_for_others(links).empty() &&
         http.trusted_proxies.empty();
}

Guard::Guard(const GuardOptions& options,
             const service::LinkOptions& links,
             const http::ServerOptions& http)
    : keys_(options.key),
      local_callers_(links),
      way_in_(way_in(links, http)),
      mode_(mode_of(options, way_in_)) {}

Result<http::Principal> Guard::admit(const http::Request& request) {
  switch (mode_) {
    case Mode::kKey:
      return admit_by_key(request);
    case Mode::kOpen:
      return manager();
    case Mode::kLocal:
      if (auto refusal = local_callers_.refusal(request)) {
        return refuse(std::move(*refusal));
      }
      return manager();
    case Mode::kClosed:
      break;
  }
  return refuse({RefusalReason::kNoKeySet, Error(ErrorKind::kUnauthorized, kNoKeySet)});
}

Result<http::Principal> Guard::admit_by_key(const http::Request& request) {
  const auto shown = shown_key(request);
  auto owner = keys_.owner_of(shown.value_or(""));
  if (!owner) {
    const auto reason = shown ? RefusalReason::kWrongKey : RefusalReason::kMissingKey;
    return refuse({reason, Error(ErrorKind::kUnauthorized, kNoGoodKey)});
  }
  return manager(std::move(*owner));
}

/// The log tells the reason too.
Error Guard::refuse(Refusal refusal) {
  const auto place = static_cast<std::size_t>(refusal.reason);
  refused_[place].fetch_add(1, std::memory_order_relaxed);
  refusal.error.detail = kRefusalReasons[place];
  return std::move(refusal.error);
}

std::uint64_t Guard::refused(RefusalReason reason) const noexcept {
  return refused_[static_cast<std::size_t>(reason)].load(std::memory_order_relaxed);
}

std::string_view to_text(Guard::Mode mode) noexcept {
  constexpr std::string_view kNames[] = {"key", "open", "local", "closed"};
  return kNames[static_cast<std::size_t>(mode)];
}

std::string Guard::meaning() const {
  switch (mode_) {
    case Mode::kKey:
      return "callers show api.key";
    case Mode::kOpen:
      return "api.open: everybody may read and change everything";
    case Mode::kLocal:
      return "no key: only callers on this machine are served";
    case Mode::kClosed:
      return "no key, and " + way_in_ +
             ": all but the public routes answer 401 until api.key is set";
  }
  return {};  // a value outside the list: a defect
}

}  // namespace ginnel::api
