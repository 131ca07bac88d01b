// SPDX-License-Identifier: MIT
#include "http/response.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "base/printable.h"

namespace ginnel::http {
namespace {

using namespace std::string_view_literals;

/// What a 401 has to say of the credentials that are taken (RFC 9110 section 11.6.1, RFC 6750).
constexpr std::string_view kChallenge = "Bearer realm=\"ginnel\"";

}  // namespace

void Response::add(std::string_view name, std::string_view value) {
  const auto breaks = [](char c) { return c == '\r' || c == '\n' || c == '\0'; };
  if (!is_printable(value) && std::any_of(value.begin(), value.end(), breaks)) {
    throw std::invalid_argument("a header field holds a line break");
  }
  fields.append(name).append(": "sv).append(value).append("\r\n"sv);
}

void Response::reset() noexcept {
  status = 200;
  content_type = kJson;
  fields.clear();
  body.clear();
  keeping = Keeping::kNever;
  guarded = false;
  error.reset();
  close = false;
}

Response json(std::string text, int status) {
  Response response;
  response.status = status;
  response.body = std::move(text);
  response.body += '\n';
  if (status == 503 || status == 429) {
    response.add("Retry-After", kRetryAfterSeconds);
  } else if (status == 401) {
    response.add("WWW-Authenticate", kChallenge);
  }
  return response;
}

Response no_content() {
  Response response;
  response.status = 204;
  return response;
}

}  // namespace ginnel::http
