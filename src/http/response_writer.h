// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "http/request.h"
#include "http/response.h"

namespace ginnel::http {

/// Writes answers as HTTP/1.1 messages at the end of a connection's output.
class ResponseWriter final {
 public:
  /// `date` is the value of the Date field; `close` adds `Connection: close`. What is left of the
  /// response's body is of no use.
  static void append(std::string& output,
                     const Request& request,
                     Response& response,
                     std::string_view date,
                     bool close);
};

/// The words after a status (RFC 9110 section 15); `Unknown` for one that this server never sends.
std::string_view reason_of(int status) noexcept;

}  // namespace ginnel::http
