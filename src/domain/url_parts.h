// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

namespace ginnel::domain {

/// The pieces of a URL as they stand in its text, nothing decoded (RFC 3986 section 3). All views
/// live as long as the text.
struct UrlParts {
  std::string_view scheme;                    ///< without its colon; empty when there is none
  std::optional<std::string_view> authority;  ///< what follows `//`; nothing when that is missing
  std::string_view rest;                      ///< path, query and fragment with their first signs
};

/// The pieces of an authority.
struct Authority {
  std::optional<std::string_view> user;  ///< name and password, without the `@`
  std::string_view host;                 ///< an IPv6 address with its brackets
  std::optional<std::string_view> port;  ///< without the colon
};

/// Cuts any text into the pieces of a URL. scheme + `:` + `//` + authority + rest is the text; a
/// text without a scheme is all `rest`.
UrlParts split_url(std::string_view text) noexcept;

/// Cuts an authority. A user ends at the last `@`, and a host without brackets at the first colon.
Authority split_authority(std::string_view authority) noexcept;

}  // namespace ginnel::domain
