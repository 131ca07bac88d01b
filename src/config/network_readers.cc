// SPDX-License-Identifier: MIT
#include "config/network_readers.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <curl/curl.h>

#include "base/printable.h"
#include "config/readers.h"
#include "storage/options.h"

namespace ginnel::config {
namespace {

namespace ip = boost::asio::ip;

Error invalid(std::string what, std::string_view piece = {}) {
  return {ErrorKind::kInvalid, std::move(what), std::string(piece)};
}

/// What is left and right of the colon before the port.
struct HostAndPort {
  std::string_view host;
  std::uint16_t port;
};

std::optional<HostAndPort> split_port(std::string_view text) {
  constexpr std::uint64_t kLastPort = 65'535;
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    return std::nullopt;
  }
  const Result<std::uint64_t> port = parse_whole(text.substr(colon + 1), {0, kLastPort});
  if (!port) {
    return std::nullopt;
  }
  return HostAndPort{text.substr(0, colon), static_cast<std::uint16_t>(*port)};
}

/// The literal without its brackets in canonical form; nothing when it is none.
std::optional<std::string> address_literal(std::string_view host) {
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (bracketed) {
    host = host.substr(1, host.size() - 2);
  }
  boost::system::error_code ec;
  const ip::address address = ip::make_address(host, ec);
  if (ec || address.is_v6() != bracketed) {
    return std::nullopt;
  }
  return address.to_string();
}

/// The addresses that one item of http.listen stands for; none when it is malformed.
std::vector<std::string> hosts_of(std::string_view host, Ipv6Support ipv6) {
  if (host.empty()) {
    return {ipv6.any ? "::" : "0.0.0.0"};
  }
  if (host == "localhost") {
    return ipv6.loopback ? std::vector<std::string>{"127.0.0.1", "::1"}
                         : std::vector<std::string>{"127.0.0.1"};
  }
  const std::optional<std::string> literal = address_literal(host);
  return literal ? std::vector<std::string>{*literal} : std::vector<std::string>{};
}

bool listens(const std::vector<http::ListenAddress>& addresses, const http::ListenAddress& wanted) {
  return std::ranges::any_of(addresses, [&wanted](const auto& address) {
    return wanted.port != 0 && address.host == wanted.host && address.port == wanted.port;
  });
}

constexpr const char* kNetworks = "networks and addresses, as 10.0.0.0/8, 192.0.2.7, fd00::/8";

/// Why this is not a network, or nothing.
template <class Network>
std::optional<std::string> fault_of(const Network& network, const boost::system::error_code& ec) {
  if (ec) {
    return kNetworks;
  }
  if (network != network.canonical()) {
    return network.canonical().to_string() + " (no bits beyond the prefix)";
  }
  return std::nullopt;
}

std::optional<std::string> network_fault(std::string_view text) {
  boost::system::error_code ec;
  if (text.find('/') == std::string_view::npos) {
    ip::make_address(text, ec);
    return ec ? std::optional<std::string>(kNetworks) : std::nullopt;
  }
  return text.find(':') == std::string_view::npos ? fault_of(ip::make_network_v4(text, ec), ec)
                                                  : fault_of(ip::make_network_v6(text, ec), ec);
}

using CurlUrl = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

std::string part(const CurlUrl& url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url.get(), which, &text, 0) != CURLUE_OK) {
    return {};
  }
  const std::unique_ptr<char, decltype(&curl_free)> owner(text, &curl_free);
  return text;
}

bool is_host_character(char character) {
  return (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9') ||
         character == '-' || character == '.' || character == '_';
}

bool is_host(const std::string& text) {
  constexpr std::size_t kLongestName = 253;  // RFC 1035 section 3.1
  if (text.find(':') != std::string::npos) {
    return address_literal("[" + text + "]").has_value();
  }
  return !text.empty() && text.size() <= kLongestName && text.front() != '.' &&
         std::ranges::all_of(text, is_host_character);
}

}  // namespace

Ipv6Support ipv6_support() {
  constexpr std::string_view kLoopback = "00000000000000000000000000000001";
  std::ifstream interfaces("/proc/net/if_inet6");
  Ipv6Support support{.any = interfaces.is_open()};
  for (std::string line; std::getline(interfaces, line);) {
    support.loopback = support.loopback || line.starts_with(kLoopback);
  }
  return support;
}

Result<std::vector<http::ListenAddress>> parse_listen(std::string_view text, Ipv6Support ipv6) {
  constexpr const char* kExpected =
      "addresses with a port, as localhost:8080, 127.0.0.1:8080, [::1]:8080, :8080";
  std::vector<http::ListenAddress> addresses;
  for (const std::string_view item : split_list(text)) {
    const std::optional<HostAndPort> split = split_port(item);
    const auto hosts = split ? hosts_of(split->host, ipv6) : std::vector<std::string>{};
    if (hosts.empty()) {
      return invalid(kExpected, item);
    }
    for (const std::string& host : hosts) {
      http::ListenAddress address{host, split->port};
      if (listens(addresses, address)) {
        return Error(ErrorKind::kConflict, to_text(address) + " comes twice");
      }
      addresses.push_back(std::move(address));
    }
  }
  if (addresses.empty()) {
    return invalid(kExpected);
  }
  return addresses;
}

std::string to_text(const http::ListenAddress& address) {
  const bool v6 = address.host.find(':') != std::string::npos;
  return (v6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

Result<std::vector<std::string>> parse_networks(std::string_view text) {
  std::vector<std::string> networks;
  for (const std::string_view item : split_list(text)) {
    if (std::optional<std::string> fault = network_fault(item)) {
      return invalid(std::move(*fault), item);
    }
    networks.emplace_back(item);
  }
  return networks;
}

Result<std::string> parse_public_url(std::string_view text) {
  constexpr const char* kExpected =
      "an http:// or https:// URL with a host, without user, query and fragment";
  const std::string wanted(trimmed(text));
  const CurlUrl url(curl_url(), &curl_url_cleanup);
  // libcurl takes http:///x for a URL with the host x.
  const bool has_authority =
      wanted.find("://") != std::string::npos && wanted.find(":///") == std::string::npos;
  if (!url || !has_authority || !is_printable<'!'>(wanted) ||
      curl_url_set(url.get(), CURLUPART_URL, wanted.c_str(), 0) != CURLUE_OK) {
    return invalid(kExpected);
  }
  const std::string scheme = part(url, CURLUPART_SCHEME);
  const bool plain = part(url, CURLUPART_USER).empty() && part(url, CURLUPART_PASSWORD).empty() &&
                     wanted.find_first_of("?#@\"<>\\") == std::string::npos;
  if ((scheme != "http" && scheme != "https") || !plain || part(url, CURLUPART_HOST).empty()) {
    return invalid(kExpected);
  }
  return wanted.substr(0, wanted.find_last_not_of('/') + 1);
}

Result<std::vector<std::string>> parse_hosts(std::string_view text) {
  std::vector<std::string> hosts;
  for (const std::string_view item : split_list(text)) {
    std::string host = ascii_lower(item);
    if (!is_host(host)) {
      return invalid("host names without scheme and port, international ones as xn--...", item);
    }
    hosts.push_back(std::move(host));
  }
  return hosts;
}

Result<std::string> parse_database_url(std::string_view text) {
  const std::string_view url = trimmed(text);
  if (url != storage::kMemoryUrl && !storage::database_file(url)) {
    return invalid("sqlite:PATH or sqlite::memory:");
  }
  return std::string(url);
}

}  // namespace ginnel::config
