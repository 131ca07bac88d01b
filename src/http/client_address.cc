// SPDX-License-Identifier: MIT
#include "http/client_address.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include "base/text.h"

namespace ginnel::http {
namespace {

/// Takes the last item off a comma-separated list.
std::string_view take_last(std::string_view& list) noexcept {
  const auto comma = list.rfind(',');
  const std::string_view item = comma == std::string_view::npos ? list : list.substr(comma + 1);
  list = comma == std::string_view::npos ? std::string_view() : list.substr(0, comma);
  return trimmed(item);
}

/// `24` of `10.0.0.0/24`; all of the address when no length is given.
std::optional<std::uint8_t> parse_prefix(std::string_view text, std::uint8_t most) noexcept {
  if (text.empty()) {
    return most;
  }
  std::uint8_t bits = 0;
  const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), bits);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && bits <= most ? std::optional(bits) : std::nullopt;
}

bool same_beginning(const IpAddress& a, const IpAddress& b, std::uint8_t bits) noexcept {
  const std::size_t whole = bits / 8u;
  if (a.length != b.length ||
      !std::equal(a.bytes.begin(), a.bytes.begin() + whole, b.bytes.begin())) {
    return false;
  }
  const unsigned rest = bits % 8u;
  return rest == 0 || ((a.bytes[whole] ^ b.bytes[whole]) >> (8u - rest)) == 0;
}

}  // namespace

Result<TrustedProxies> TrustedProxies::parse(const std::vector<std::string>& networks) {
  TrustedProxies proxies;
  for (const std::string& text : networks) {
    const std::size_t slash = std::min(text.find('/'), text.size());
    const auto address = parse_ip_address(std::string_view(text).substr(0, slash));
    const auto most = static_cast<std::uint8_t>(address ? address->length * 8 : 0);
    const auto bits = parse_prefix(std::string_view(text).substr(slash), most);
    if (!address || !bits) {
      return Error(ErrorKind::kInvalid, "http.trusted_proxies: " + text + " is no IP network");
    }
    proxies.networks_.push_back({*address, *bits});
  }
  return proxies;
}

bool TrustedProxies::trusts(const IpAddress& address) const noexcept {
  return std::any_of(networks_.begin(), networks_.end(), [&](const Network& network) {
    return same_beginning(network.address, address, network.prefix_bits);
  });
}

IpAddress client_address(const Request& request, const TrustedProxies& proxies) noexcept {
  IpAddress client = request.peer();
  if (!proxies.trusts(client) || request.field_count("X-Forwarded-For") != 1) {
    return client;
  }
  std::string_view list = *request.field("X-Forwarded-For");
  while (!list.empty()) {
    const auto sender = parse_ip_address(take_last(list));
    if (!sender) {
      return client;
    }
    client = *sender;
    if (!proxies.trusts(client)) {
      return client;
    }
  }
  return client;
}

}  // namespace ginnel::http
