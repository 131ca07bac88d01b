// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "base/result.h"
#include "client/options.h"

namespace ginnel::client {

/// What a server answered to a request that it granted.
struct Answer {
  boost::json::value document;  ///< null when there is none, as after a DELETE
  std::string short_url;        ///< of a link that was made
  bool more = false;            ///< of a list: another page follows
};

/// A Ginnel server, seen from a caller: one connection, one request at a time (libcurl).
///
/// Redirects are not followed, so that the key goes nowhere else. The environment's proxies
/// (`https_proxy`, `no_proxy`) are used unless the server is on this machine.
class Server final {
 public:
  /// Connects with the first request.
  explicit Server(ClientOptions options);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  /// Sends one request to `path`, which begins with a slash, with `body` as JSON unless it is null.
  /// Blocks until `ClientOptions::timeout` at most.
  ///
  /// Fails with kUnavailable when no Ginnel answered: `message` says why and what to do. Fails with
  /// kNotFound, kUnauthorized or kInvalid when the server refuses: `message` and `faults` are its.
  Result<Answer> ask(const std::string& method,
                     const std::string& path,
                     const boost::json::value& body = nullptr);

  /// `text` as it stands in a path or behind a `=`.
  static std::string escaped(std::string_view text);

  const std::string& url() const noexcept { return options_.server; }

 private:
  struct Handle;

  ClientOptions options_;
  std::unique_ptr<Handle> handle_;
};

}  // namespace ginnel::client
