// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "http/parser.h"
#include "http/request.h"

namespace ginnel::support {

/// A request as the server has it once a client's bytes have come, kept alive with those bytes.
class SentRequest final {
 public:
  /// `bytes` must be one whole request.
  explicit SentRequest(std::string bytes) : bytes_(std::move(bytes)) {
    http::Parser parser(request_, 1u << 20);
    parser.restart(bytes_.data());
    std::size_t consumed = 0;
    if (parser.parse(bytes_, consumed) != http::Parser::Outcome::kComplete ||
        consumed != bytes_.size()) {
      throw std::invalid_argument("these bytes are not one request");
    }
  }

  /// `line` is a method and a target, `GET /users`; with `fields`, each ended by CRLF, and `body`
  /// when there is one.
  explicit SentRequest(std::string_view line, std::string_view fields, std::string_view body = {})
      : SentRequest(text_of(line, fields, body)) {}

  SentRequest(const SentRequest&) = delete;
  SentRequest& operator=(const SentRequest&) = delete;

  const http::Request& operator*() const noexcept { return request_; }
  const http::Request* operator->() const noexcept { return &request_; }

 private:
  static std::string text_of(std::string_view line,
                             std::string_view fields,
                             std::string_view body) {
    std::string text(line);
    text.append(" HTTP/1.1\r\nHost: h\r\n").append(fields);
    if (!body.empty()) {
      text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
    }
    return text.append("\r\n").append(body);
  }

  std::string bytes_;
  http::Request request_;
};

}  // namespace ginnel::support
