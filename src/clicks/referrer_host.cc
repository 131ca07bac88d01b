// SPDX-License-Identifier: MIT
#include "clicks/referrer_host.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/text.h"
#include "clicks/click_record.h"
#include "domain/target_host.h"
#include "domain/url_parts.h"

namespace ginnel::clicks {
namespace {

constexpr std::array<std::string_view, 3> kSchemes = {"http", "https", "android-app"};
constexpr std::size_t kMaxHost = 255;
constexpr std::size_t kMaxLabel = 63;  // RFC 1035 section 2.3.4

/// Letters of names and of packages, in lower case.
bool is_name_character(char character) noexcept {
  return is_letter_or_digit(character) || character == '-' || character == '_' || character == '.';
}

bool are_labels(std::string_view name) noexcept {
  while (true) {
    const auto length = std::min(name.find('.'), name.size());
    if (length == 0 || length > kMaxLabel) {
      return false;
    }
    if (length == name.size()) {
      return true;
    }
    name.remove_prefix(length + 1);
  }
}

bool is_port(std::string_view port) noexcept {
  return port.size() <= 5 && std::ranges::all_of(port, is_digit);
}

/// The host in ASCII. Nearly all of them are plain names: those do without what reads the others.
std::string ascii_of(std::string_view host) {
  std::string lower = ascii_lower(host);
  if (std::ranges::all_of(lower, is_name_character)) {
    return lower;
  }
  auto ascii = domain::ascii_host(host);
  return ascii ? std::move(*ascii) : std::string();
}

}  // namespace

std::string referrer_host(std::string_view referrer) {
  const domain::UrlParts parts = domain::split_url(referrer);
  const bool has_scheme = std::ranges::find(kSchemes, ascii_lower(parts.scheme)) != kSchemes.end();
  const bool may_be_cut = referrer.size() >= kMaxRecordedText && parts.rest.empty();
  if (!has_scheme || !parts.authority || may_be_cut) {
    return {};
  }
  const domain::Authority authority = domain::split_authority(*parts.authority);
  if (!is_port(authority.port.value_or(""))) {
    return {};
  }
  std::string host = ascii_of(authority.host);
  if (host.starts_with('[')) {
    return host;  // an IPv6 address, which ascii_host has read
  }
  if (host.ends_with('.')) {
    host.pop_back();
  }
  return host.size() <= kMaxHost && are_labels(host) ? host : std::string();
}

}  // namespace ginnel::clicks
