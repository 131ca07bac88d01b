// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "base/byte_source.h"
#include "base/result.h"
#include "client/options.h"

namespace ginnel::client {

/// What a server answered to a request that it granted.
struct Answer {
  boost::json::value document;  ///< null when there is none, as after a DELETE
  std::string short_url;        ///< of a link that was made
  bool more = false;            ///< of a list: another page follows
};

/// The value as an object; an empty one when it is none.
const boost::json::object& as_object(const boost::json::value& value);

/// The member `key` as text; empty when it is null or missing.
std::string text_at(const boost::json::object& object, std::string_view key);

/// The member `key` as a number; 0 when it is none.
std::int64_t number_at(const boost::json::object& object, std::string_view key);

/// The member `key` as a list; an empty one when it is none.
const boost::json::array& array_at(const boost::json::object& object, std::string_view key);

inline constexpr std::chrono::minutes kUploadTimeout{20};

/// A Ginnel server, seen from a caller: one connection, one request at a time (libcurl).
///
/// Redirects are not followed, so that the key goes nowhere else. The environment's proxies
/// (`https_proxy`, `no_proxy`) are used unless the server is on this machine.
///
///     Server server({.server = "http://localhost:8080"});
///     const auto made = server.ask("POST", "/urls", {{"original_url", "https://example.org"}});
///     std::cout << (made ? made->short_url : made.error().message);
class Server final {
 public:
  /// Connects with the first request. Whatever the server says that it ignored of a request is told
  /// to `notices`, each list once; null: to nobody.
  explicit Server(ClientOptions options, std::ostream* notices = nullptr);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  /// Sends one request to `path`, which begins with a slash, with `body` as JSON unless it is null.
  /// Blocks until `ClientOptions::timeout` at most.
  ///
  /// Fails with kUnavailable when no Ginnel answered, with kTimeout when one may have done what was
  /// asked: a change whose answer was lost, a gateway's 5xx. `message` says why and what to do.
  /// Fails with kNotFound, kUnauthorized or kInvalid when the server refuses: `message` and
  /// `faults` are its.
  Result<Answer> ask(const std::string& method,
                     const std::string& path,
                     const boost::json::value& body = nullptr);

  /// Sends a CSV file of `bytes` bytes to `path` by POST. `read` gives the next bytes, 0 at the
  /// end. Blocks until kUploadTimeout at most, longer than a server takes for the largest file.
  /// Fails as `ask` does, with a fault for each row that the server names, and with what `read`
  /// fails with.
  Result<Answer> upload(const std::string& path, const ByteSource& read, std::uint64_t bytes);

  /// `text` as it stands in a path or behind a `=`.
  static std::string escaped(std::string_view text);

  const std::string& url() const noexcept { return options_.server; }

 private:
  struct Handle;
  struct Sent;

  Result<Answer> perform(const std::string& path, const Sent& sent);
  void tell_ignored(const std::string& names);

  ClientOptions options_;
  std::ostream* notices_;
  std::string told_;  ///< last, to notices_
  std::unique_ptr<Handle> handle_;
};

}  // namespace ginnel::client
