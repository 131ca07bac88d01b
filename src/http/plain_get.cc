// SPDX-License-Identifier: MIT
#include "http/plain_get.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "base/printable.h"
#include "http/host_field.h"
#include "http/parser.h"

namespace ginnel::http {
namespace {

/// The longest host that is remembered: the longest name of the DNS, and a port.
constexpr std::size_t kMaxKnownHostBytes = 260;

/// tchar (RFC 9110 section 5.6.2): what a field's name is made of.
constexpr std::array<bool, 256> kIsNameCharacter = [] {
  std::array<bool, 256> is{};
  for (const char c : std::string_view("!#$%&'*+-.^_`|~0123456789"
                                       "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")) {
    is[static_cast<unsigned char>(c)] = true;
  }
  return is;
}();

/// What is still to be read.
class Cursor {
 public:
  explicit Cursor(std::string_view bytes) noexcept : rest_(bytes) {}

  /// Takes `text` when it is next.
  bool take(std::string_view text) noexcept {
    if (!rest_.starts_with(text)) {
      return false;
    }
    rest_.remove_prefix(text.size());
    return true;
  }

  /// Takes all up to the first byte that is below `lowest` or above `~`.
  template <unsigned char lowest>
  std::string_view take_printable() noexcept {
    return take_up_to(find_unprintable<lowest>(rest_.data(), rest_.data() + rest_.size()));
  }

  std::string_view take_name() noexcept {
    const char* end = rest_.data();
    while (end != rest_.data() + rest_.size() &&
           kIsNameCharacter[static_cast<unsigned char>(*end)]) {
      ++end;
    }
    return take_up_to(end);
  }

  const char* at() const noexcept { return rest_.data(); }

 private:
  std::string_view take_up_to(const char* end) noexcept {
    const std::string_view taken = rest_.substr(0, static_cast<std::size_t>(end - rest_.data()));
    rest_.remove_prefix(taken.size());
    return taken;
  }

  std::string_view rest_;
};

std::string_view without_spaces_around(std::string_view text) noexcept {
  while (!text.empty() && text.front() == ' ') {
    text.remove_prefix(1);
  }
  while (!text.empty() && text.back() == ' ') {
    text.remove_suffix(1);
  }
  return text;
}

/// What the fields tell of the framing; only what makes a request plain is remembered.
class PlainFraming {
 public:
  /// Gives false for a field that is Beast's to judge.
  bool take(std::string_view name, std::string_view value) noexcept {
    switch (name.size()) {
      case 4:
        return !same_field_name(name, "Host") || take_host(value);
      case 6:
        return !same_field_name(name, "Expect");
      case 10:
        return !same_field_name(name, "Connection") || take_connection(value);
      case 14:
        return !same_field_name(name, "Content-Length");
      case 16:
        return !same_field_name(name, "Proxy-Connection");
      case 17:
        return !same_field_name(name, "Transfer-Encoding");
      default:
        return true;
    }
  }

  /// The value of the one Host; nothing when there is none, or more than one.
  std::optional<std::string_view> host() const noexcept { return host_; }
  bool keep_alive() const noexcept { return !close_; }

 private:
  bool take_host(std::string_view value) noexcept {
    const bool first = !host_;
    host_ = value;
    return first;
  }

  bool take_connection(std::string_view value) noexcept {
    const bool close = same_field_name(value, "close");
    close_ = close_ || close;
    return close || same_field_name(value, "keep-alive");
  }

  std::optional<std::string_view> host_;
  bool close_ = false;
};

/// Whether `host` may stand in a Host field. A connection names the same one in all its requests:
/// `known`, which was looked at when it came first.
bool is_known_host(std::string_view host, std::string& known) {
  if (host == known) {
    return true;
  }
  if (host.size() > kMaxKnownHostBytes || !is_host_field(host)) {
    return false;
  }
  known = host;
  return true;
}

}  // namespace

std::size_t PlainGet::read(std::string_view bytes, Request& request) {
  const auto slice = [&bytes](std::string_view part) {
    return Request::Slice{static_cast<std::uint32_t>(part.data() - bytes.data()),
                          static_cast<std::uint32_t>(part.size())};
  };
  Cursor cursor(bytes.substr(0, kMaxBytes));
  if (!cursor.take("GET ")) {
    return 0;
  }
  const std::string_view target = cursor.take_printable<'!'>();
  if (!target.starts_with('/') || !cursor.take(" HTTP/1.1\r\n")) {
    return 0;
  }
  request.target_ = slice(target);
  PlainFraming framing;
  while (!cursor.take("\r\n")) {
    const std::string_view name = cursor.take_name();
    if (name.empty() || !cursor.take(":")) {
      return 0;
    }
    const std::string_view value = without_spaces_around(cursor.take_printable<' '>());
    if (!cursor.take("\r\n") || request.fields_.size() == kMaxFields ||
        !framing.take(name, value)) {
      return 0;
    }
    request.fields_.push_back({slice(name), slice(value)});
  }
  if (!framing.host() || !is_known_host(*framing.host(), request.known_host_)) {
    return 0;
  }
  request.method_ = Method::kGet;
  request.http11_ = true;
  request.keep_alive_ = framing.keep_alive();
  return static_cast<std::size_t>(cursor.at() - bytes.data());
}

}  // namespace ginnel::http
