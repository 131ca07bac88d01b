// SPDX-License-Identifier: MIT
#include "domain/target_url.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.h"
#include "domain/target_host.h"
#include "domain/url_parts.h"
#include "domain/visible_text.h"

namespace ginnel::domain {
namespace {

using Fault = std::optional<std::string_view>;

constexpr std::string_view kInvalidCharacters = "URL contains invalid characters";

/// Browsers read `\` as `/` up to the query: `https://evil.com\@good.com` would not lead where it
/// seems to lead.
bool has_backslash_before_query(std::string_view url) noexcept {
  return url.substr(0, url.find_first_of("?#")).find('\\') != std::string_view::npos;
}

/// Whether the URL has a second beginning where its host should stand, as when it was pasted behind
/// an https:// that was there: `https://https://`, `https://http//`.
bool begins_twice(const UrlParts& parts) {
  std::string_view host = parts.authority.value_or("");
  const bool has_colon = host.ends_with(':');
  host.remove_suffix(has_colon ? 1 : 0);
  const std::string word = ascii_lower(host);
  return (word == "http" || word == "https") && (has_colon || parts.rest.starts_with("//"));
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

/// The fault of its length, or nothing.
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
  if (begins_twice(parts)) {
    return "URL begins with http:// or https:// twice; remove one";
  }
  if (authority.find('@') != std::string_view::npos) {
    return "URL must not contain credentials";
  }
  return std::nullopt;
}

/// A colon alone means the scheme's own port (RFC 3986 section 3.2.3).
Fault port_fault(std::optional<std::string_view> port) {
  if (!port || port->empty()) {
    return std::nullopt;
  }
  const auto number = parse_number<std::uint16_t>(*port);
  if (!number) {
    return "URL has an invalid port";
  }
  if (*number == 0) {
    return "URL port is out of range";
  }
  return std::nullopt;
}

Error refused(std::string_view message) {
  return {ErrorKind::kInvalid, std::string(message)};
}

/// The host of a URL, or an error by the first rule that the URL breaks.
Result<TargetHost> checked_host(std::string_view url, const TargetRules& rules) {
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
  auto host = read_host(authority.host);
  if (!host) {
    return host;
  }
  if (const auto fault = host_fault(*host, rules)) {
    return refused(*fault);
  }
  return host;
}

}  // namespace

Result<TargetUrl> TargetUrl::parse(std::string_view text, const TargetRules& rules) {
  const auto url = without_invisible_ends(text);
  if (auto fault = length_fault(url, rules.max_length)) {
    return std::move(*fault);
  }
  auto host = checked_host(url, rules);
  if (!host) {
    return std::move(host).error();
  }
  if (host->is_dead) {
    return refused(kInvalidHostCharacters);
  }
  return TargetUrl(std::string(url));
}

Result<TargetUrl> TargetUrl::parse_kept(std::string_view text, const TargetRules& rules) {
  const auto url = trimmed(text);
  if (auto fault = length_fault(url, std::max(rules.max_length, kMaxLength))) {
    return std::move(*fault);
  }
  const auto host = checked_host(url, rules);
  return host ? Result<TargetUrl>(TargetUrl(std::string(url))) : host.error();
}

}  // namespace ginnel::domain
