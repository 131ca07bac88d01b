// SPDX-License-Identifier: MIT
#include "http/client_address.h"

#include <algorithm>

#include <boost/asio/ip/address.hpp>

namespace ginnel::http {
namespace {

namespace ip = asio::ip;

/// IPv4 addresses that came through an IPv6 socket count as IPv4.
ip::address unmapped(const ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return ip::make_address_v4(ip::v4_mapped, address.to_v6());
  }
  return address;
}

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) {
    return {};
  }
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// Takes the last item off a comma-separated list.
std::string_view take_last(std::string_view& list) {
  const auto comma = list.rfind(',');
  const std::string_view item = comma == std::string_view::npos ? list : list.substr(comma + 1);
  list = comma == std::string_view::npos ? std::string_view() : list.substr(0, comma);
  return trimmed(item);
}

template <class Network, class Address>
bool contains(const Network& network, const Address& address) {
  return Network(address, network.prefix_length()).canonical() == network.canonical();
}

}  // namespace

Result<TrustedProxies> TrustedProxies::parse(const std::vector<std::string>& networks) {
  TrustedProxies proxies;
  for (const std::string& text : networks) {
    const bool has_length = text.find('/') != std::string::npos;
    const bool v6 = text.find(':') != std::string::npos;
    const std::string whole = has_length ? text : text + (v6 ? "/128" : "/32");
    boost::system::error_code ec;
    if (v6) {
      proxies.v6_.push_back(ip::make_network_v6(whole, ec));
    } else {
      proxies.v4_.push_back(ip::make_network_v4(whole, ec));
    }
    if (ec) {
      return Error(ErrorKind::kInvalid, "http.trusted_proxies: " + text + " is no IP network");
    }
  }
  return proxies;
}

bool TrustedProxies::trusts(std::string_view text) const {
  boost::system::error_code ec;
  const ip::address address = unmapped(ip::make_address(std::string(text), ec));
  if (ec) {
    return false;
  }
  if (address.is_v4()) {
    return std::any_of(v4_.begin(), v4_.end(), [&](const ip::network_v4& network) {
      return contains(network, address.to_v4());
    });
  }
  return std::any_of(v6_.begin(), v6_.end(), [&](const ip::network_v6& network) {
    return contains(network, address.to_v6());
  });
}

std::string client_address(const Request& request, const TrustedProxies& proxies) {
  std::string peer(request.peer_address());
  if (request.field_count("X-Forwarded-For") != 1 || !proxies.trusts(peer)) {
    return peer;
  }
  std::string_view list = *request.field("X-Forwarded-For");
  std::string client = peer;
  while (!list.empty()) {
    const std::string candidate(take_last(list));
    boost::system::error_code ec;
    const ip::address address = ip::make_address(candidate, ec);
    if (ec) {
      return client;
    }
    client = unmapped(address).to_string();
    if (!proxies.trusts(client)) {
      return client;
    }
  }
  return client;
}

}  // namespace ginnel::http
