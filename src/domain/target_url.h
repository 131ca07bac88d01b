// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "domain/target_host.h"

namespace ginnel::domain {

/// Where a link leads: checked, and safe to put into a Location header.
///
/// The rules (docs/api.md lists them with their messages): http or https, an authority, no
/// credentials, no control characters, at most 2048 characters, a public host. A host is refused in
/// every notation when it is loopback, private, link-local, carrier-grade (RFC 6598), benchmark
/// (RFC 2544), multicast, unspecified, reserved, an IPv4 address embedded in such an IPv6 one, a
/// metadata name, `localhost`, `localdomain`, `local`, `internal`, `svc`, `home.arpa` or anything
/// under them, a public domain made to lead to such addresses (`nip.io`), or one of the service's
/// own hosts. Names are not resolved: another public name may still lead anywhere, and this process
/// never fetches a target.
///
/// Based on libcurl's URL API (curl_url_set(3)) and ICU's mapping of names (UTS #46), which is that
/// of browsers; the checks run on the normalised form.
class TargetUrl final {
 public:
  /// Characters that a target has at most, unless the rules say otherwise.
  static constexpr std::size_t kMaxLength = 2048;

  /// Parses what a client sent for a new link or a change of one. Fails with kInvalid and one of
  /// the contract's messages.
  static Result<TargetUrl> parse(std::string_view text, const TargetRules& rules);

  /// Parses the target of a row that was a link already, in an export or another database: it comes
  /// back byte by byte, but for ASCII white space around it, as it was taken before
  /// without_invisible_ends was.
  static Result<TargetUrl> parse_kept(std::string_view text, const TargetRules& rules);

  /// What was sent, without what is invisible around it: stored and shown as `original_url`.
  const std::string& text() const noexcept { return text_; }

 private:
  explicit TargetUrl(std::string text) : text_(std::move(text)) {}

  std::string text_;
};

}  // namespace ginnel::domain
