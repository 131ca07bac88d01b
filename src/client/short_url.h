// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace ginnel::client {

/// A short URL as a person types or pastes it, with or without a scheme.
struct ShortUrl {
  std::string host;                   ///< as domain::TargetHost::text has it
  std::optional<std::uint16_t> port;  ///< where one is written
  std::string path;                   ///< `/debian-doc`, without slashes at its end; may be empty
};

/// Whether `word` names a host, `bit.ly/zzz1` too, and not a code alone.
bool is_url(std::string_view word) noexcept;

/// Reads such a word; what follows `?` or `#` does not matter. Hosts are read as the server reads
/// targets: in any case, percent-encoded, in any script. Fails with kForbidden.
Result<ShortUrl> read_short_url(std::string_view word);

/// Under which names the links of a server are reached.
class ServerNames final {
 public:
  /// `asked` is the URL by which this side asks the server; `public_url` and `hosts` are what the
  /// server says of itself, and may be empty.
  ServerNames(std::string_view asked,
              std::string_view public_url,
              const std::vector<std::string>& hosts);

  /// The code of a short URL of this server. A URL with a port that is neither written in the
  /// server's nor usual for http and https is another server's, as one of another host. Fails with
  /// kForbidden, where the URL is another server's or has no code alone behind the host.
  Result<std::string> code_of(const ShortUrl& url) const;

 private:
  /// What short URLs begin with.
  struct Begin {
    std::string host;
    std::uint16_t port;
    std::string path;  ///< without a slash at its end
  };

  static std::optional<Begin> read_begin(std::string_view url);
  static bool is_of(const ShortUrl& url, const Begin& begin);
  std::string text() const;

  std::string asked_;
  std::string shown_begin_;
  std::vector<Begin> begins_;
};

}  // namespace ginnel::client
