// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "api/local_callers.h"
#include "api/options.h"
#include "api/refusal.h"
#include "base/result.h"
#include "http/options.h"
#include "http/principal.h"
#include "http/request.h"
#include "service/api_keys.h"
#include "service/options.h"

namespace ginnel::api {

/// The fields of a request by which a Guard judges.
inline constexpr std::string_view kGuardFields = "Authorization, X-API-Key, Origin, Sec-Fetch-Site";

/// Says who may use the routes that are not public: docs/api.md, Access. Any loop may ask.
class Guard final {
 public:
  enum class Mode {
    kKey,     ///< whoever shows the key
    kOpen,    ///< anybody
    kLocal,   ///< callers on this machine (LocalCallers)
    kClosed,  ///< nobody: others are to reach the server, and it has no key
  };

  /// `links` has the server's names, `http` where it listens and behind whom.
  Guard(const GuardOptions& options,
        const service::LinkOptions& links,
        const http::ServerOptions& http);

  Mode mode() const noexcept { return mode_; }

  /// What the mode means, for people; of kClosed why.
  std::string meaning() const;

  /// Who the caller is, with a name where he shows a key; he may manage everything. Fails with
  /// kUnauthorized without a good key where one is needed, with kForbidden where LocalCallers
  /// refuses; counts that.
  Result<http::Principal> admit(const http::Request& request);

  /// How many were refused for this reason.
  std::uint64_t refused(RefusalReason reason) const noexcept;

 private:
  Result<http::Principal> admit_by_key(const http::Request& request);
  Error refuse(Refusal refusal);

  service::ApiKeys keys_;
  LocalCallers local_callers_;
  std::string way_in_;  ///< how others than callers on this machine reach it; empty: not at all
  Mode mode_;
  std::array<std::atomic<std::uint64_t>, kRefusalReasons.size()> refused_{};
};

/// Whether all of these are loopback addresses.
bool only_this_machine_reaches(const std::vector<http::ListenAddress>& listen);

/// `key`, `open`, `local`, `closed`.
std::string_view to_text(Guard::Mode mode) noexcept;

/// The command that makes a key, and how a server is given it.
inline constexpr std::string_view kMakeAKey =
    "(umask 077; openssl rand -hex 32 > FILE), and API_KEY_FILE=FILE for the server";

/// The first name in links.public_url and links.own_hosts that is not this machine's alone; empty
/// when there is none.
std::string name_for_others(const service::LinkOptions& links);

/// Whether all visitors come from one address, as far as the settings tell: others have a name for
/// the server that only this machine reaches, so a proxy here passes them on, and
/// http.trusted_proxies names none.
bool hides_visitors(const service::LinkOptions& links, const http::ServerOptions& http);

}  // namespace ginnel::api
