// SPDX-License-Identifier: MIT
#include "domain/target_url.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/text.h"
#include "domain/target_host.h"
#include "domain/url_parts.h"

namespace ginnel::domain {
namespace {

using Fault = std::optional<std::string_view>;

constexpr std::string_view kInvalidCharacters = "URL contains invalid characters";

/// Browsers read `\` as `/` up to the query: `https://evil.com\@good.com` would not lead where it
/// seems to lead.
bool has_backslash_before_query(std::string_view url) noexcept {
  return url.substr(0, url.find_first_of("?#")).find('\\') != std::string_view::npos;
}

Fault text_fault(std::string_view url) {
  if (url.empty()) {
    return "original_url must be a non-empty string";
  }
  if (!utf8_length(url) || has_control_characters(url) || has_backslash_before_query(url)) {
    return kInvalidCharacters;
  }
  return std::nullopt;
}

std::optional<Error> length_fault(std::string_view url, std::size_t max_length) {
  const auto length = utf8_length(url);
  if (!length || *length <= max_length) {
    return std::nullopt;
  }
  return Error(ErrorKind::kInvalid,
               "URL must not exceed " + std::to_string(max_length) + " characters");
}

Fault structure_fault(const UrlParts& parts) {
  const std::string scheme = ascii_lower(parts.scheme);
  if (scheme != "http" && scheme != "https") {
    return "URL must start with http:// or https://";
  }
  const auto authority = parts.authority.value_or("");
  if (authority.empty() || authority.size() != trimmed(authority).size()) {
    return kMissingHost;
  }
  if (authority.find('@') != std::string_view::npos) {
    return "URL must not contain credentials";
  }
  return std::nullopt;
}

Fault port_fault(std::optional<std::string_view> port) {
  if (!port) {
    return std::nullopt;
  }
  std::uint16_t number = 0;
  const char* const end = port->data() + port->size();
  const auto [stop, code] = std::from_chars(port->data(), end, number);
  if (code != std::errc() || stop != end) {
    return "URL has an invalid port";
  }
  if (number == 0) {
    return "URL port is out of range";
  }
  return std::nullopt;
}

Result<Done> check(std::string_view url, const std::vector<std::string>& own_hosts) {
  const auto refused = [](std::string_view message) {
    return Error(ErrorKind::kInvalid, std::string(message));
  };
  if (const auto fault = text_fault(url)) {
    return refused(*fault);
  }
  const UrlParts parts = split_url(url);
  if (const auto fault = structure_fault(parts)) {
    return refused(*fault);
  }
  const Authority authority = split_authority(*parts.authority);
  if (const auto fault = port_fault(authority.port)) {
    return refused(*fault);
  }
  if (authority.host.empty()) {
    return refused(kMissingHost);
  }
  const auto host = read_host(authority.host);
  if (!host) {
    return host.error();
  }
  if (const auto fault = host_fault(*host, own_hosts)) {
    return refused(*fault);
  }
  return Done();
}

}  // namespace

Result<TargetUrl> TargetUrl::parse(std::string_view text,
                                   const std::vector<std::string>& own_hosts,
                                   std::size_t max_length) {
  const auto url = trimmed(text);
  if (auto fault = length_fault(url, max_length)) {
    return std::move(*fault);
  }
  auto checked = check(url, own_hosts);
  if (!checked) {
    return std::move(checked).error();
  }
  return TargetUrl(std::string(url));
}

}  // namespace ginnel::domain
