// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/refusal.h"
#include "http/request.h"
#include "service/options.h"

namespace ginnel::api {

/// Tells callers on this machine from what a foreign page makes a browser here send, for a server
/// that listens on loopback only and has no key.
///
/// Such a page reaches the port in two ways. It lets its own name resolve to 127.0.0.1 (DNS
/// rebinding): then Host is its name. Or it sends a form, which no browser asks leave for: then
/// Origin is foreign, or Sec-Fetch-Site says so. A third way in is a proxy on this machine.
class LocalCallers final {
 public:
  /// The names of `links`, its own hosts and its public URL, are this server's beside those of
  /// loopback.
  explicit LocalCallers(const service::LinkOptions& links);

  /// Why this request is not of a caller on this machine, with the settings that would change it;
  /// nothing when it is one.
  std::optional<Refusal> refusal(const http::Request& request) const;

 private:
  /// Whom a request or a page names: the host as domain::TargetHost::text has it, and the port
  /// where it is not left to the scheme.
  struct Place {
    std::string host;
    std::optional<std::uint16_t> port;
  };
  /// What a browser calls the source of a page (RFC 6454).
  struct Origin {
    std::string host;
    std::uint16_t port;
    std::uint16_t usual_port;

    friend bool operator==(const Origin&, const Origin&) = default;
  };

  static std::optional<Place> read_place(std::string_view authority);
  static std::optional<Origin> read_origin(std::string_view url);
  bool is_own_host(const std::string& host) const;
  bool is_own_origin(const Origin& origin, const Place& asked) const;

  std::vector<std::string> names_;       ///< links.own_hosts
  std::optional<Origin> public_origin_;  ///< that of links.public_url
};

}  // namespace ginnel::api
