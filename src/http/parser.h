// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

#include "http/request.h"

namespace ginnel::http {

/// The request line and the fields together (RFC 9112 section 3 and 5).
inline constexpr std::size_t kMaxHeaderBytes = 16'384;

inline constexpr std::size_t kMaxFields = 100;

/// Why a connection's bytes are no request: the status to answer before it is closed.
struct ParseFault {
  int status = 400;
  std::string_view message;  ///< a constant: nothing a client sent is repeated
};

/// How large a body a request may have; asked once its method and target are known.
using BodyLimit = std::function<std::size_t(const Request&)>;

/// Turns bytes into Requests, on top of Beast's basic_parser, with stricter framing: every request
/// that two servers could read differently is refused (docs/api.md, "Framing").
class Parser final {
 public:
  enum class Outcome { kNeedMore, kComplete, kFailed };

  /// Fills `request`, which must outlive the parser.
  Parser(Request& request, BodyLimit max_body_bytes);

  /// The same limit for all requests.
  Parser(Request& request, std::size_t max_body_bytes)
      : Parser(request, [max_body_bytes](const Request&) { return max_body_bytes; }) {}
  ~Parser();

  /// Begins a new request whose first byte is, or will be, at `input`.
  void restart(const char* input);

  /// Tells that the bytes of the request moved: its first is at `input` now.
  void moved(const char* input) noexcept;

  /// Parses `bytes`, which continue what was consumed so far, and adds to `consumed` how many it
  /// took. After kComplete or kFailed only `restart` may be called.
  Outcome parse(std::string_view bytes, std::size_t& consumed);

  /// Nobody wants the body of this request: what has come of it is dropped, and so is the rest.
  void pass_body_over() noexcept;
  bool passes_body_over() const noexcept;

  /// Whether the header is complete, so that bytes still to come belong to the body.
  bool header_done() const noexcept;

  /// Why `parse` gave kFailed.
  ParseFault fault() const noexcept;

 private:
  class Reader;
  std::unique_ptr<Reader> reader_;
};

}  // namespace ginnel::http
