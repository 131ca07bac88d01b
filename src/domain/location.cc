// SPDX-License-Identifier: MIT
#include "domain/location.h"

#include <algorithm>

#include "base/percent_encoding.h"
#include "base/text.h"
#include "domain/target_host.h"
#include "domain/url_parts.h"

namespace ginnel::domain {
namespace {

bool must_be_encoded(char character) noexcept {
  constexpr std::string_view kUnsafe = " \"<>\\";
  const auto byte = static_cast<unsigned char>(character);
  return byte < 0x20 || byte >= 0x7f || kUnsafe.find(character) != std::string_view::npos;
}

/// What else no path and no query may hold (RFC 3986 section 3.3), though people paste it: strict
/// readers, Java's and those of some phones among them, open no such Location.
bool has_no_place_in_path(char character) noexcept {
  constexpr std::string_view kExcluded = "^`{|}";
  return must_be_encoded(character) || kExcluded.find(character) != std::string_view::npos;
}

/// A name in percent signs or in another script becomes what it means, when it means a name.
void append_host(std::string& out, std::string_view host) {
  const bool is_plain = !host.empty() && host.find('%') == std::string_view::npos &&
                        std::ranges::none_of(host, must_be_encoded);
  const auto meant = is_plain || host.starts_with('[') ? Result<std::string>() : ascii_host(host);
  if (meant) {
    out += *meant;
    return;
  }
  std::string as_sent;
  append_percent_encoded(as_sent, host, must_be_encoded);
  out += ascii_lower(as_sent);
}

void append_authority(std::string& out, std::string_view text) {
  const Authority authority = split_authority(text);
  if (authority.user) {
    append_percent_encoded(out, *authority.user, must_be_encoded);
    out += '@';
  }
  append_host(out, authority.host);
  if (authority.port && !authority.port->empty()) {
    out += ':';
    append_percent_encoded(out, *authority.port, must_be_encoded);
  }
}

}  // namespace

std::string location_of(std::string_view target) {
  const UrlParts parts = split_url(trimmed(target));
  std::string out;
  out.reserve(target.size());
  if (!parts.scheme.empty()) {
    out += ascii_lower(parts.scheme);
    out += ':';
  }
  if (parts.authority) {
    out += "//";
    append_authority(out, *parts.authority);
  }
  const auto fragment = std::min(parts.rest.find('#'), parts.rest.size());
  append_percent_encoded(out, parts.rest.substr(0, fragment), has_no_place_in_path);
  // The rest is for the page alone, as it stands there.
  append_percent_encoded(out, parts.rest.substr(fragment), must_be_encoded);
  return out;
}

}  // namespace ginnel::domain
