// SPDX-License-Identifier: MIT
#include "http/response.h"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

#include "base/json_text.h"

namespace ginnel::http {
namespace {

/// Seconds a client is asked to wait when a dependency is away: about one poll of a health check.
constexpr std::string_view kRetryAfterSeconds = "1";

std::string error_text(const Error& error) {
  std::string text;
  JsonObject object(text);
  if (error.kind == ErrorKind::kInvalid && !error.faults.empty()) {
    std::string details;
    JsonObject fields(details);
    std::vector<FieldFault> faults = error.faults;
    std::stable_sort(faults.begin(), faults.end(), [](const FieldFault& a, const FieldFault& b) {
      return a.field < b.field;
    });
    for (const FieldFault& fault : faults) {
      fields.add(fault.field, fault.message);
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
  if (std::any_of(value.begin(), value.end(), breaks)) {
    throw std::invalid_argument("a header field holds a line break");
  }
  fields.append(name).append(": ").append(value).append("\r\n");
}

void Response::reset() noexcept {
  status = 200;
  content_type = kJson;
  fields.clear();
  body.clear();
  log_detail.clear();
  close = false;
}

int status_of(ErrorKind kind) noexcept {
  switch (kind) {
    case ErrorKind::kInvalid:
      return 400;
    case ErrorKind::kUnauthorized:
      return 401;
    case ErrorKind::kNotFound:
      return 404;
    case ErrorKind::kGone:
      return 410;
    case ErrorKind::kConflict:
      return 409;
    case ErrorKind::kTooLarge:
      return 413;
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
  if (status == 503) {
    response.add("Retry-After", kRetryAfterSeconds);
  }
  return response;
}

Response problem(const Error& error) {
  return problem(error, status_of(error.kind));
}

Response problem(const Error& error, int status) {
  Response response = json(error_text(error), status);
  response.log_detail = error.detail;
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
