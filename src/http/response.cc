// SPDX-License-Identifier: MIT
#include "http/response.h"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <utility>
#include <vector>

#include "base/json_text.h"
#include "base/printable.h"
#include "http/problem.h"

namespace ginnel::http {
namespace {

using namespace std::string_view_literals;

/// Seconds a client is asked to wait where waiting helps: about one poll of a health check.
constexpr std::string_view kRetryAfterSeconds = "1";

/// What a 401 has to say of the credentials that are taken (RFC 9110 section 11.6.1, RFC 6750).
constexpr std::string_view kChallenge = "Bearer realm=\"ginnel\"";

/// The first message of each field, in alphabetical order.
std::map<std::string_view, std::string_view> first_by_field(const std::vector<FieldFault>& faults) {
  std::map<std::string_view, std::string_view> messages;
  for (const FieldFault& fault : faults) {
    messages.emplace(fault.field, fault.message);
  }
  return messages;
}

std::string error_text(const Error& error) {
  std::string text;
  JsonObject object(text);
  if (error.message == kValidationFailed || is_about_body(error)) {
    std::string details;
    JsonObject fields(details);
    for (const auto& [field, message] : first_by_field(error.faults)) {
      fields.add(field, message);
    }
    fields.end();
    object.add_raw("details", details);
  }
  object.add("error", error.message);
  object.end();
  return text;
}

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

int status_of(ErrorKind kind) noexcept {
  switch (kind) {
    case ErrorKind::kInvalid:
      return 400;
    case ErrorKind::kUnauthorized:
      return 401;
    case ErrorKind::kForbidden:
      return 403;
    case ErrorKind::kNotFound:
      return 404;
    case ErrorKind::kGone:
      return 410;
    case ErrorKind::kConflict:
    case ErrorKind::kUnderWay:
      return 409;
    case ErrorKind::kPreconditionFailed:
      return 412;
    case ErrorKind::kTooLarge:
      return 413;
    case ErrorKind::kKeyReused:
      return 422;
    case ErrorKind::kUnavailable:
    case ErrorKind::kTimeout:
      return 503;
    case ErrorKind::kInternal:
      return 500;
  }
  return 500;  // a value outside the list: a defect
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

Response problem(Error error) {
  const int status = status_of(error.kind);
  return problem(std::move(error), status);
}

Response problem(Error error, int status) {
  Response response = json(error_text(error), status);
  if (error.kind == ErrorKind::kUnderWay) {
    response.add("Retry-After", kRetryAfterSeconds);
  }
  response.error = std::move(error);
  return response;
}

Response problem(int status, std::string_view message) {
  return problem(Error(ErrorKind::kInternal, std::string(message)), status);
}

Response no_content() {
  Response response;
  response.status = 204;
  return response;
}

}  // namespace ginnel::http
