// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace ginnel::http {

/// Room that a large body should have for the header before it: then it is sent without a copy.
inline constexpr std::size_t kHeaderRoom = 4'096;

/// Seconds a client is asked to wait where waiting helps: about one poll of a health check.
inline constexpr std::string_view kRetryAfterSeconds = "1";

inline constexpr std::string_view kJson = "application/json";
inline constexpr std::string_view kPlainText = "text/plain; charset=utf-8";
inline constexpr std::string_view kHtml = "text/html; charset=utf-8";

/// How long whoever gets an answer may keep it. Who may, everybody on the way or the caller alone,
/// follows from its route.
enum class Keeping {
  kNever,
  kAskAgain,  ///< to be asked for again each time: its entity tag spares the body
  kForADay,
  kForGood,  ///< a year: what is at its address never changes
};

/// An answer. The session adds Date, Cache-Control, Content-Length, Connection and X-Request-ID,
/// and leaves the body out for HEAD.
///
/// Texts that are written with the response's fields must be free of CR and LF: `add` throws
/// std::invalid_argument otherwise, since it is a defect of ours.
struct Response {
  int status = 200;
  std::string_view content_type = kJson;  ///< a constant; not sent when the body is empty
  std::string fields;                     ///< further header lines, each ended by CRLF
  std::string body;
  Keeping keeping = Keeping::kNever;
  bool guarded = false;  ///< is for its caller alone: the session says so of a guarded route's
  std::optional<Error> error;  ///< what the body says of a failure, and what only the log may know
  bool close = false;          ///< close the connection after this answer

  /// Adds `name: value`.
  void add(std::string_view name, std::string_view value);

  /// Makes it `200`, empty, keeping the memory.
  void reset() noexcept;
};

/// This JSON text and the newline that ends every body of ours; a 503 or 429 with Retry-After, a
/// 401 with WWW-Authenticate.
Response json(std::string text, int status = 200);

/// 204 without a body.
Response no_content();

}  // namespace ginnel::http
