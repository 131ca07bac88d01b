// SPDX-License-Identifier: MIT
#include <algorithm>

#include "base/text.h"
#include "domain/target_host.h"
#include "domain/target_url.h"
#include "domain/url_parts.h"

namespace ginnel::domain {
namespace {

bool must_be_encoded(char character) noexcept {
  constexpr std::string_view kUnsafe = " \"<>\\";
  const auto byte = static_cast<unsigned char>(character);
  return byte < 0x20 || byte >= 0x7f || kUnsafe.find(character) != std::string_view::npos;
}

void append_encoded(std::string& out, std::string_view text) {
  constexpr char kHexDigits[] = "0123456789ABCDEF";
  for (const char character : text) {
    if (must_be_encoded(character)) {
      const auto byte = static_cast<unsigned char>(character);
      out += '%';
      out += kHexDigits[byte >> 4];
      out += kHexDigits[byte & 0xf];
    } else {
      out += character;
    }
  }
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
  append_encoded(as_sent, host);
  out += ascii_lower(as_sent);
}

void append_authority(std::string& out, std::string_view text) {
  const Authority authority = split_authority(text);
  if (authority.user) {
    append_encoded(out, *authority.user);
    out += '@';
  }
  append_host(out, authority.host);
  if (authority.port) {
    out += ':';
    append_encoded(out, *authority.port);
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
  append_encoded(out, parts.rest);
  return out;
}

}  // namespace ginnel::domain
