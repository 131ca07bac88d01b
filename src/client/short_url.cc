// SPDX-License-Identifier: MIT
#include "client/short_url.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include "base/ip_address.h"
#include "base/text.h"
#include "domain/target_host.h"
#include "domain/url_parts.h"

namespace ginnel::client {
namespace {

constexpr std::uint16_t kHttp = 80;
constexpr std::uint16_t kHttps = 443;

Error no_short_url(std::string_view why) {
  return {ErrorKind::kForbidden, "this is no short URL: " + std::string(why)};
}

std::string_view without_slashes(std::string_view text) noexcept {
  return text.substr(0, text.find_last_not_of('/') + 1);
}

/// What matters of a word: not what browsers and mails add behind a `?` or `#`.
std::string_view essence(std::string_view word) noexcept {
  return word.substr(0, word.find_first_of("?#"));
}

std::optional<std::uint16_t> port_of(std::string_view digits) noexcept {
  std::uint16_t port = 0;
  const char* const end = digits.data() + digits.size();
  const auto [rest, fault] = std::from_chars(digits.data(), end, port);
  return fault == std::errc() && rest == end && port > 0 ? std::optional(port) : std::nullopt;
}

/// Whether a port is left out of URLs: somebody's proxy may lead from one of them to the other.
bool is_usual(std::optional<std::uint16_t> port) noexcept {
  return !port || *port == kHttp || *port == kHttps;
}

bool is_loopback_address(std::string_view host) {
  const auto address = parse_ip_address(std::string(host));
  return address && is_loopback(*address);
}

bool is_same_host(std::string_view one, std::string_view other) {
  return one == other || (one == "localhost" && is_loopback_address(other)) ||
         (other == "localhost" && is_loopback_address(one));
}

std::string place_text(const std::string& host, std::optional<std::uint16_t> port) {
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return port ? name + ":" + std::to_string(*port) : name;
}

/// Reads `host:port`.
Result<ShortUrl> read_authority(std::string_view text) {
  const domain::Authority authority = domain::split_authority(text);
  if (authority.user) {
    return no_short_url("there is a user before its host");
  }
  ShortUrl url;
  if (authority.port && !authority.port->empty()) {
    url.port = port_of(*authority.port);
    if (!url.port) {
      return no_short_url("its port is none");
    }
  }
  auto host = domain::read_host(authority.host);
  if (!host || host->has_extra_dots) {
    return no_short_url("its host is none");
  }
  url.host = std::move(host->text);
  return url;
}

}  // namespace

bool is_url(std::string_view word) noexcept {
  word = essence(word);
  const auto slash = without_slashes(word).find('/');
  return word.find("://") != std::string_view::npos || word.starts_with("//") ||
         (slash != std::string_view::npos && slash > 0);
}

Result<ShortUrl> read_short_url(std::string_view word) {
  word = essence(word);
  // Browsers take `\` for a slash and leave out line feeds: the host would not be what it seems.
  if (has_control_characters(word) || word.find_first_of("\\ ") != std::string_view::npos) {
    return no_short_url("there is a space, a backslash or a control character in it");
  }
  if (const auto scheme = word.find("://"); scheme != std::string_view::npos) {
    const std::string name = ascii_lower(word.substr(0, scheme));
    if (name != "http" && name != "https") {
      return no_short_url("it does not begin with http:// or https://");
    }
    word.remove_prefix(scheme + 1);
  }
  if (word.starts_with("//")) {
    word.remove_prefix(2);
  }
  const auto slash = std::min(word.find('/'), word.size());
  auto url = read_authority(word.substr(0, slash));
  if (url) {
    url->path = without_slashes(word.substr(slash));
  }
  return url;
}

std::optional<ServerNames::Begin> ServerNames::read_begin(std::string_view text) {
  auto url = read_short_url(text);
  if (!url) {
    return std::nullopt;
  }
  const bool is_secure = ascii_lower(text.substr(0, 6)) == "https:";
  return Begin{
      std::move(url->host), url->port.value_or(is_secure ? kHttps : kHttp), std::move(url->path)};
}

ServerNames::ServerNames(std::string_view asked,
                         std::string_view public_url,
                         const std::vector<std::string>& hosts)
    : asked_(asked), shown_begin_(public_url.empty() ? asked : public_url) {
  const std::optional<Begin> main = read_begin(public_url);
  if (main) {
    begins_.push_back(*main);
  }
  for (const std::string& host : hosts) {
    if (!main || host == main->host) {
      continue;
    }
    for (const std::uint16_t port : {kHttps, main->port}) {
      begins_.push_back({host, port, ""});
      begins_.push_back({host, port, main->path});
    }
  }
  if (auto begin = read_begin(asked)) {
    begins_.push_back(std::move(*begin));
  }
}

bool ServerNames::is_of(const ShortUrl& url, const Begin& begin) {
  const bool is_same_port =
      is_usual(url.port) ? is_usual(begin.port) : url.port.value_or(0) == begin.port;
  return is_same_port && is_same_host(url.host, begin.host);
}

Result<std::string> ServerNames::code_of(const ShortUrl& url) const {
  bool is_ours = false;
  for (const Begin& begin : begins_) {
    if (!is_of(url, begin)) {
      continue;
    }
    is_ours = true;
    const std::string_view path(url.path);
    const std::string_view code = path.substr(std::min(begin.path.size() + 1, path.size()));
    if (path.starts_with(begin.path + "/") && !code.empty() &&
        code.find('/') == std::string_view::npos) {
      return std::string(code);
    }
  }
  if (is_ours) {
    return no_short_url("those of this server are " + shown_begin_ + "/CODE");
  }
  return Error(ErrorKind::kForbidden,
               place_text(url.host, url.port) + " is another server than " + asked_ +
                   ", whose names are " + text() + "; ask another by --server URL");
}

std::string ServerNames::text() const {
  std::vector<std::string> names;
  for (const Begin& begin : begins_) {
    std::string name =
        place_text(begin.host, is_usual(begin.port) ? std::nullopt : std::optional(begin.port));
    if (std::ranges::find(names, name) == names.end()) {
      names.push_back(std::move(name));
    }
  }
  return joined(names);
}

}  // namespace ginnel::client
