// SPDX-License-Identifier: MIT
#include "domain/target_host.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <utility>

#include <curl/curl.h>
#include <unicode/bytestream.h>
#include <unicode/idna.h>

#include "base/text.h"
#include "domain/address_kind.h"

namespace ginnel::domain {
namespace {

constexpr std::size_t kMaxNameLength = 253;  // RFC 1035 section 2.3.4, as text
constexpr std::size_t kMaxLabelLength = 63;

constexpr std::string_view kNameTooLong = "URL hostname is too long";
constexpr std::string_view kLabelTooLong = "URL hostname label exceeds 63 characters";

/// Names that lead to the machine or the cloud of whoever opens them; those of /etc/hosts are as
/// Debian, Fedora, openSUSE, macOS and Docker write it.
constexpr std::string_view kReservedNames[] = {
    // clang-format off
    "0.0.0.0", "broadcasthost", "instance-data", "instance-data.ec2.internal", "ip6-allhosts",
    "ip6-allnodes", "ip6-allrouters", "ip6-localhost", "ip6-localnet", "ip6-loopback",
    "ip6-mcastprefix", "ipv6-allhosts", "ipv6-allnodes", "ipv6-allrouters", "ipv6-localhost",
    "ipv6-localnet", "ipv6-loopback", "ipv6-mcastprefix", "kubernetes.docker.internal",
    "localhost.localdomain", "localhost4", "localhost6", "loopback", "metadata",
    "metadata.google.internal", "metadata.tencentyun.com",
    // clang-format on
};

/// Domains that are reserved with everything under them: RFC 6761, and public domains made to lead
/// to 127.0.0.1 (`localtest.me`) or to whatever address stands in the name (`10-0-0-1.sslip.io`).
constexpr std::string_view kReservedDomains[] = {
    "localhost", "localtest.me", "lvh.me", "nip.io", "sslip.io"};

/// Domains whose names mean something in one network alone: RFC 6762, RFC 8375, ICANN's `.internal`
/// (2024), what resolvers and Kubernetes answer by custom.
constexpr std::string_view kPrivateDomains[] = {
    "home.arpa", "internal", "local", "localdomain", "svc"};

struct FreeCurlUrl {
  void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
};
struct FreeCurlText {
  void operator()(char* text) const noexcept { curl_free(text); }
};

Error invalid(std::string_view message, std::string detail = {}) {
  return {ErrorKind::kInvalid, std::string(message), std::move(detail)};
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

/// The name in ASCII that a name in any script means.
struct MappedName {
  std::string text;
  bool is_dead = false;  ///< as TargetHost's
};

/// The mapping of browsers (https://url.spec.whatwg.org/#concept-domain-to-ascii), without their
/// limits on labels: what all names must keep to is asked of the result.
const icu::IDNA& browsers_mapping() {
  static const std::unique_ptr<icu::IDNA> kMapping = [] {
    constexpr std::uint32_t kOptions = UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ |
                                       UIDNA_NONTRANSITIONAL_TO_ASCII |
                                       UIDNA_NONTRANSITIONAL_TO_UNICODE;
    UErrorCode code = U_ZERO_ERROR;
    std::unique_ptr<icu::IDNA> made(icu::IDNA::createUTS46Instance(kOptions, code));
    if (U_FAILURE(code)) {
      throw std::runtime_error(std::string("ICU: ") + u_errorName(code));
    }
    return made;
  }();
  return *kMapping;
}

/// Whether a label of `host`, which is ASCII, says that it stands for a name in another script.
bool has_coded_label(std::string_view host) {
  constexpr std::string_view kBegin = "xn--";
  const std::string name = ascii_lower(host);
  return name.starts_with(kBegin) || name.find("." + std::string(kBegin)) != std::string::npos;
}

/// The A-labels of an internationalised name, mapped as browsers map them (UTS #46).
Result<MappedName> mapped_name(const std::string& host) {
  // Of a name that is not too long, with room for signs that the mapping drops. It bounds the time.
  constexpr std::size_t kMostBytes = 8 * kMaxNameLength;
  constexpr std::uint32_t kAskedLater =
      UIDNA_ERROR_EMPTY_LABEL | UIDNA_ERROR_LABEL_TOO_LONG | UIDNA_ERROR_DOMAIN_NAME_TOO_LONG |
      UIDNA_ERROR_LEADING_HYPHEN | UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4;
  if (host.size() > kMostBytes) {
    return invalid(kNameTooLong);
  }
  MappedName name;
  icu::StringByteSink<std::string> out(&name.text);
  icu::IDNAInfo info;
  UErrorCode code = U_ZERO_ERROR;
  browsers_mapping().nameToASCII_UTF8(host, out, info, code);
  const std::uint32_t errors = info.getErrors() & ~kAskedLater;
  const bool is_plain = is_ascii(host);
  if (U_FAILURE(code) || (!is_plain && (errors & ~std::uint32_t{UIDNA_ERROR_BIDI}) != 0)) {
    return invalid(kInvalidHostCharacters, "IDNA errors " + std::to_string(errors));
  }
  name.is_dead = errors != 0;
  if (is_plain) {
    name.text = host;
  }
  return name;
}

bool is_host_character(char character) noexcept {
  return is_letter_or_digit(character) || character == '-' || character == '_' || character == '.';
}

bool is_under(std::string_view name, std::string_view domain) noexcept {
  return name == domain || (name.size() > domain.size() && name.ends_with(domain) &&
                            name[name.size() - domain.size() - 1] == '.');
}

bool is_under_any(std::string_view name, std::span<const std::string_view> domains) noexcept {
  return std::ranges::any_of(domains,
                             [&](std::string_view domain) { return is_under(name, domain); });
}

bool is_reserved_host(std::string_view name, const TargetRules& rules) noexcept {
  return std::ranges::find(rules.own_hosts, name) != rules.own_hosts.end() ||
         std::ranges::find(kReservedNames, name) != std::ranges::end(kReservedNames) ||
         is_under_any(name, kReservedDomains) ||
         (!rules.allow_private && is_under_any(name, kPrivateDomains));
}

std::vector<std::string_view> labels_of(std::string_view name) {
  std::vector<std::string_view> labels;
  const auto dots = static_cast<std::size_t>(std::ranges::count(name, '.'));
  for (std::size_t i = 0; i <= dots; ++i) {
    labels.push_back(take_until(name, '.'));
  }
  return labels;
}

/// Underscores name services (RFC 8552), and they and hyphens at an edge (`a-.surge.sh`) are met in
/// subdomains, but no one can register one.
std::optional<std::string_view> label_fault(std::string_view label, bool is_of_subdomain) {
  if (label.empty()) {
    return "URL hostname contains an empty label";
  }
  if (label.size() > kMaxLabelLength) {
    return kLabelTooLong;
  }
  const bool is_registrable =
      label.front() != '-' && label.back() != '-' && label.find('_') == std::string_view::npos;
  if (!is_of_subdomain && !is_registrable) {
    return kInvalidHostCharacters;
  }
  return std::nullopt;
}

bool is_top_level_domain(std::string_view label) noexcept {
  const bool only_letters = std::ranges::all_of(label, is_letter);
  return label.size() >= 2 && (only_letters || label.starts_with("xn--"));
}

/// Whether browsers read a name of this label alone as an address: digits, or 0x and more of them.
bool is_number(std::string_view label) noexcept {
  const bool is_hexadecimal = label.starts_with("0x");
  label.remove_prefix(is_hexadecimal ? 2 : 0);
  return label.find_first_not_of(is_hexadecimal ? "0123456789abcdef" : "0123456789") ==
         std::string_view::npos;
}

std::optional<std::string_view> name_fault(const TargetHost& host, const TargetRules& rules) {
  if (host.text.size() > kMaxNameLength) {
    return kNameTooLong;
  }
  const auto labels = labels_of(host.text);
  const bool is_private = labels.size() == 1 && rules.allow_private && !is_number(labels.front());
  if (labels.size() < 2 && !is_private) {
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
  if (!is_private && !is_top_level_domain(labels.back())) {
    return "URL has an invalid top-level domain";
  }
  return std::nullopt;
}

/// `host` in ASCII and in lower case (see ascii_host).
Result<MappedName> read_name(std::string_view host) {
  auto decoded = decoded_host(host);
  if (!decoded) {
    return std::move(decoded).error();
  }
  const bool needs_mapping = !is_ascii(*decoded) || has_coded_label(*decoded);
  auto name = needs_mapping ? mapped_name(*decoded) : Result<MappedName>({std::move(*decoded)});
  if (!name) {
    return name;
  }
  name->text = ascii_lower(name->text);
  // Decoding and mapping may have made signs that would end the host or change it once more.
  if (!name->text.starts_with('[') && !std::ranges::all_of(name->text, is_host_character)) {
    return invalid(kInvalidHostCharacters);
  }
  return name;
}

}  // namespace

Result<std::string> ascii_host(std::string_view host) {
  auto name = read_name(host);
  return name ? Result<std::string>(std::move(name->text)) : std::move(name).error();
}

Result<TargetHost> read_host(std::string_view host) {
  auto mapped = read_name(host);
  if (!mapped) {
    return std::move(mapped).error();
  }
  std::string& name = mapped->text;
  TargetHost result;
  result.is_dead = mapped->is_dead;
  const auto last = name.find_last_not_of('.');
  const std::size_t length = last == std::string::npos ? 0 : last + 1;
  result.has_extra_dots = name.size() > length + 1;
  name.resize(length);
  if (name.empty()) {
    return invalid(kMissingHost);
  }
  // Once more: mapping may have made digits, and a dot at the end hides an address from libcurl.
  auto final_form = decoded_host(name);
  if (!final_form) {
    return std::move(final_form).error();
  }
  result.text = std::move(final_form).value();
  if (result.text.front() == '[') {
    result.text = result.text.substr(1, result.text.size() - 2);
  }
  return result;
}

std::optional<std::string_view> host_fault(const TargetHost& host, const TargetRules& rules) {
  if (is_reserved_host(host.text, rules)) {
    return "URL references a reserved or private host";
  }
  const auto kind = address_kind(host.text);
  switch (kind == AddressKind::kPrivate && !rules.allow_private ? AddressKind::kOther : kind) {
    case AddressKind::kOther:
      return "URL references a private or loopback IP address";
    case AddressKind::kPublic:
    case AddressKind::kPrivate:
      return std::nullopt;
    case AddressKind::kNone:
      break;
  }
  return name_fault(host, rules);
}

}  // namespace ginnel::domain
