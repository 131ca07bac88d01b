// SPDX-License-Identifier: MIT
#include "http/client_address.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "base/text.h"
#include "http/forwarded_item.h"

namespace ginnel::http {
namespace {

/// `24` of `10.0.0.0/24`; all of the address when no length is given.
std::optional<std::uint8_t> parse_prefix(std::string_view text, std::uint8_t most) noexcept {
  if (text.empty()) {
    return most;
  }
  const auto bits = parse_number<std::uint8_t>(text.substr(1));
  return bits && *bits <= most ? bits : std::nullopt;
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

using AddressReader = std::optional<IpAddress> (*)(std::string_view) noexcept;

/// Follows `list` back from `client`, who is a trusted proxy, as far as trusted proxies tell. Gives
/// whether what comes before the list is to be followed too.
bool follow(std::string_view list,
            AddressReader address_in,
            const TrustedProxies& proxies,
            IpAddress& client) noexcept {
  while (!list.empty()) {
    const std::string_view item = take_last(list, ',');
    if (item.empty()) {
      continue;
    }
    const auto sender = address_in(item);
    if (!sender) {
      return false;
    }
    client = *sender;
    if (!proxies.trusts(client)) {
      return false;
    }
  }
  return true;
}

}  // namespace

Result<TrustedProxies> TrustedProxies::parse(const std::vector<std::string>& networks,
                                             ClientAddressField field) {
  TrustedProxies proxies;
  proxies.field_ = field;
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

std::string_view TrustedProxies::field_of(const Request& request) const noexcept {
  const bool is_forwarded =
      field_ == ClientAddressField::kForwarded ||
      (field_ == ClientAddressField::kEither && !request.field(kXForwardedFor));
  return is_forwarded ? kForwarded : kXForwardedFor;
}

IpAddress client_address(const Request& request, const TrustedProxies& proxies) noexcept {
  IpAddress client = request.peer();
  if (!proxies.trusts(client)) {
    return client;
  }
  const std::string_view name = proxies.field_of(request);
  const AddressReader address_in = name == kForwarded ? address_in_element : address_in_item;
  for (std::size_t place = request.field_count(); place > 0; --place) {
    const bool is_its_own = same_field_name(request.field_name(place - 1), name);
    if (is_its_own && !follow(request.field_value(place - 1), address_in, proxies, client)) {
      break;
    }
  }
  return client;
}

}  // namespace ginnel::http
