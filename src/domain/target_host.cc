// SPDX-License-Identifier: MIT
#include "domain/target_host.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>

#include <curl/curl.h>
#include <idn2.h>

#include "base/text.h"
#include "domain/ip_address.h"

namespace ginnel::domain {
namespace {

constexpr std::size_t kMaxNameLength = 253;  // RFC 1035 section 2.3.4, as text
constexpr std::size_t kMaxLabelLength = 63;

constexpr std::string_view kInvalidHostCharacters = "URL hostname contains invalid characters";
constexpr std::string_view kNameTooLong = "URL hostname is too long";
constexpr std::string_view kLabelTooLong = "URL hostname label exceeds 63 characters";

/// Names that lead into the network or the cloud of whoever opens them.
constexpr std::string_view kReservedNames[] = {
    "0.0.0.0",
    "broadcasthost",
    "instance-data",
    "ip6-localhost",
    "ip6-loopback",
    "metadata.tencentyun.com",
    "metadata",
};

/// Domains that are reserved with everything under them: RFC 6761, RFC 6762, RFC 8375, ICANN's
/// `.internal` (2024), what resolvers and Kubernetes answer by custom, and public domains made to
/// lead to 127.0.0.1 (`localtest.me`) or to whatever address stands in the name
/// (`10-0-0-1.sslip.io`).
constexpr std::string_view kReservedDomains[] = {
    "home.arpa",
    "internal",
    "local",
    "localdomain",
    "localhost",
    "localtest.me",
    "lvh.me",
    "nip.io",
    "sslip.io",
    "svc",
};

struct FreeCurlUrl {
  void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
};
struct FreeCurlText {
  void operator()(char* text) const noexcept { curl_free(text); }
};
struct FreeIdnText {
  void operator()(std::uint8_t* text) const noexcept { idn2_free(text); }
};

Error invalid(std::string_view message, std::string detail = {}) {
  return {ErrorKind::kInvalid, std::string(message), std::move(detail)};
}

bool is_ascii(std::string_view text) noexcept {
  return std::ranges::all_of(
      text, [](char character) { return static_cast<unsigned char>(character) < 0x80; });
}

/// The host as libcurl reads it: percent-decoded, IPv4 addresses in dotted decimal, IPv6 ones in
/// their shortest form; nothing that could end a host is left in it.
Result<std::string> decoded_host(std::string_view host) {
  const bool is_bracketed = host.starts_with('[');
  const auto refusal = is_bracketed ? kMissingHost : kInvalidHostCharacters;
  const bool has_zone = is_bracketed && host.find('%') != std::string_view::npos;
  if (has_zone || has_control_characters(host)) {
    return invalid(refusal);
  }
  const std::unique_ptr<CURLU, FreeCurlUrl> url(curl_url());
  const std::string text = "http://" + std::string(host) + "/";
  char* read = nullptr;
  auto code = curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0);
  if (code == CURLUE_OK) {
    code = curl_url_get(url.get(), CURLUPART_HOST, &read, 0);
  }
  const std::unique_ptr<char, FreeCurlText> owned(read);
  if (code != CURLUE_OK) {
    return invalid(refusal, curl_url_strerror(code));
  }
  return std::string(read);
}

/// Whether `host` has a character that IDNA's two generations map differently: sharp s, final
/// sigma, the joiners (UTS #46 section 5).
bool has_deviation_character(std::string_view host) noexcept {
  constexpr std::string_view kDeviations[] = {
      "\xc3\x9f", "\xe1\xba\x9e", "\xcf\x82", "\xe2\x80\x8c", "\xe2\x80\x8d"};
  return std::ranges::any_of(kDeviations, [&](std::string_view character) {
    return host.find(character) != std::string_view::npos;
  });
}

std::string_view message_of_idn(int code) noexcept {
  switch (code) {
    case IDN2_TOO_BIG_DOMAIN:
      return kNameTooLong;
    case IDN2_TOO_BIG_LABEL:
    case IDN2_PUNYCODE_BIG_OUTPUT:
      return kLabelTooLong;
    default:
      return kInvalidHostCharacters;
  }
}

/// The A-labels of an internationalised name, mapped as browsers map them (UTS #46).
Result<std::string> idn_host(const std::string& host) {
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(host.c_str());
  std::uint8_t* mapped = nullptr;
  int code = idn2_lookup_u8(bytes, &mapped, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
  if (code == IDN2_DISALLOWED && !has_deviation_character(host)) {
    // IDNA2008 has no symbols, but browsers open I-heart.ws: the older rules, where they agree.
    code = idn2_lookup_u8(bytes, &mapped, IDN2_NFC_INPUT | IDN2_TRANSITIONAL);
  }
  const std::unique_ptr<std::uint8_t, FreeIdnText> owned(mapped);
  if (code != IDN2_OK) {
    return invalid(message_of_idn(code), idn2_strerror(code));
  }
  return std::string(reinterpret_cast<const char*>(mapped));
}

bool is_host_character(char character) noexcept {
  return (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9') ||
         character == '-' || character == '_' || character == '.';
}

bool is_under(std::string_view name, std::string_view domain) noexcept {
  return name == domain || (name.size() > domain.size() && name.ends_with(domain) &&
                            name[name.size() - domain.size() - 1] == '.');
}

bool is_reserved_host(std::string_view name) noexcept {
  return std::ranges::find(kReservedNames, name) != std::ranges::end(kReservedNames) ||
         std::ranges::any_of(kReservedDomains,
                             [&](std::string_view domain) { return is_under(name, domain); });
}

std::vector<std::string_view> labels_of(std::string_view name) {
  std::vector<std::string_view> labels;
  for (auto dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.')) {
    labels.push_back(name.substr(0, dot));
    name.remove_prefix(dot + 1);
  }
  labels.push_back(name);
  return labels;
}

/// Underscores name services (RFC 8552) and are met in subdomains, but no one can register one.
std::optional<std::string_view> label_fault(std::string_view label, bool may_have_underscores) {
  if (label.empty()) {
    return "URL hostname contains an empty label";
  }
  if (label.size() > kMaxLabelLength) {
    return kLabelTooLong;
  }
  if (label.front() == '-' || label.back() == '-' ||
      (!may_have_underscores && label.find('_') != std::string_view::npos)) {
    return kInvalidHostCharacters;
  }
  return std::nullopt;
}

bool is_top_level_domain(std::string_view label) noexcept {
  const bool only_letters = std::ranges::all_of(
      label, [](char character) { return character >= 'a' && character <= 'z'; });
  return label.size() >= 2 && (only_letters || label.starts_with("xn--"));
}

std::optional<std::string_view> name_fault(const TargetHost& host) {
  if (host.text.size() > kMaxNameLength) {
    return kNameTooLong;
  }
  const auto labels = labels_of(host.text);
  if (labels.size() < 2) {
    return "URL hostname must include a domain and TLD";
  }
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (const auto fault = label_fault(labels[i], i + 2 < labels.size())) {
      return fault;
    }
  }
  if (host.has_extra_dots) {
    return "URL hostname contains an empty label";
  }
  if (!is_top_level_domain(labels.back())) {
    return "URL has an invalid top-level domain";
  }
  return std::nullopt;
}

}  // namespace

Result<std::string> ascii_host(std::string_view host) {
  auto ascii = decoded_host(host);
  if (ascii && !is_ascii(*ascii)) {
    ascii = idn_host(*ascii);
  }
  if (!ascii) {
    return ascii;
  }
  std::string text = ascii_lower(*ascii);
  // Decoding and mapping may have made signs that would end the host or change it once more.
  if (!text.starts_with('[') && !std::ranges::all_of(text, is_host_character)) {
    return invalid(kInvalidHostCharacters);
  }
  return text;
}

Result<TargetHost> read_host(std::string_view host) {
  auto name = ascii_host(host);
  if (!name) {
    return std::move(name).error();
  }
  TargetHost result;
  const auto last = name->find_last_not_of('.');
  const std::size_t length = last == std::string::npos ? 0 : last + 1;
  result.has_extra_dots = name->size() > length + 1;
  name->resize(length);
  if (name->empty()) {
    return invalid(kMissingHost);
  }
  // Once more: mapping may have made digits, and a dot at the end hides an address from libcurl.
  auto final_form = decoded_host(*name);
  if (!final_form) {
    return std::move(final_form).error();
  }
  result.text = std::move(final_form).value();
  if (result.text.front() == '[') {
    result.text = result.text.substr(1, result.text.size() - 2);
  }
  return result;
}

std::optional<std::string_view> host_fault(const TargetHost& host,
                                           const std::vector<std::string>& own_hosts) {
  if (is_reserved_host(host.text) || std::ranges::find(own_hosts, host.text) != own_hosts.end()) {
    return "URL references a reserved or private host";
  }
  switch (address_kind(host.text)) {
    case AddressKind::kOther:
      return "URL references a private or loopback IP address";
    case AddressKind::kPublic:
      return std::nullopt;
    case AddressKind::kNone:
      break;
  }
  return name_fault(host);
}

}  // namespace ginnel::domain
