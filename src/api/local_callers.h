// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

#include "api/refusal.h"
#include "http/request.h"
#include "service/options.h"

namespace ginnel::api {

/// Tells callers on this machine from what others make a program here send, for a server that
/// listens on loopback only and has no key.
///
/// A foreign page reaches the port in two ways. It lets its own name resolve to 127.0.0.1 (DNS
/// rebinding): then Host is its name. Or it sends a form, which no browser asks leave for: then
/// Origin is foreign, or Sec-Fetch-Site says so.
///
/// Whom a proxy on this machine serves come from loopback too. Any sign of one in a request is
/// enough to refuse it. A proxy that leaves none is told by whose program it is: proxies run under
/// accounts of the system (www-data, nginx, haproxy, nobody, DynamicUser=), callers are root, the
/// server's own user and those who log in. One that runs as root or as such a user, and leaves no
/// sign, cannot be told from a caller; that is why Guard asks LocalCallers only where the settings
/// expect none.
class LocalCallers final {
 public:
  /// Who sent a request, as http::Request::peer_owner says.
  using OwnerOf = std::function<std::optional<uid_t>(const http::Request&)>;

  /// Pages of `links.public_url` are the server's own, if it was set.
  explicit LocalCallers(const service::LinkOptions& links,
                        OwnerOf owner_of = &http::Request::peer_owner);

  /// Why this request is not of a caller on this machine, with the setting that would serve it all
  /// the same; nothing when it is one. Who sent it is asked last.
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

  std::optional<Refusal> refusal_of_page(const http::Request& request, const Place& asked) const;
  std::optional<Refusal> refusal_of_owner(const http::Request& request) const;
  static std::optional<Place> read_place(std::string_view authority);
  static std::optional<Origin> read_origin(std::string_view url);
  bool is_own_origin(const Origin& origin, const Place& asked) const;

  std::optional<Origin> public_origin_;  ///< that of links.public_url
  OwnerOf owner_of_;
  uid_t own_user_;
};

/// Whether `host`, in the form of domain::TargetHost::text, is this machine's own from wherever it
/// is asked: `localhost`, a name under it (RFC 6761 section 6.3) or a loopback address.
bool is_loopback_host(std::string_view host);

/// Whether `user` is root or one who logs in, and not an account of the system.
bool is_root_or_logs_in(uid_t user) noexcept;

}  // namespace ginnel::api
