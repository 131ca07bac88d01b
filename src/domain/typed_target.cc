// SPDX-License-Identifier: MIT
#include "domain/typed_target.h"

#include <algorithm>

#include "domain/url_parts.h"
#include "domain/visible_text.h"

namespace ginnel::domain {
namespace {

/// Whether `rest`, what follows a colon, begins with a port: digits, and nothing more of the host.
bool begins_with_port(std::string_view rest) noexcept {
  constexpr std::size_t kMostDigits = 5;
  const auto end = std::min(rest.find_first_of("/?#"), rest.size());
  const auto port = rest.substr(0, end);
  return !port.empty() && port.size() <= kMostDigits &&
         port.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

std::string typed_target(std::string_view text) {
  const auto visible = without_invisible_ends(text);
  if (visible.empty()) {
    return {};
  }
  if (visible.starts_with("//")) {
    return "https:" + std::string(visible);
  }
  const UrlParts parts = split_url(visible);
  const bool has_scheme =
      !parts.scheme.empty() && (parts.authority || !begins_with_port(parts.rest));
  return has_scheme ? std::string(visible) : "https://" + std::string(visible);
}

}  // namespace ginnel::domain
