// SPDX-License-Identifier: MIT
#include "http/problem.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/json_text.h"
#include "base/text.h"
#include "http/accept.h"
#include "http/response_writer.h"

namespace ginnel::http {
namespace {

/// Whether an error is that of `unreadable_body`.
bool is_about_body(const Error& error) noexcept {
  return !error.faults.empty() && error.faults.front().field == kWholeBody;
}

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

/// In words what kind of problem it is. Most are named as their status is; an error that one status
/// would not tell from others has a name of its own.
std::string_view title_of(const Error& error, int status) {
  switch (error.kind) {
    case ErrorKind::kInvalid:
      return error.faults.empty() || is_about_body(error) ? reason_of(status) : "Invalid Fields";
    case ErrorKind::kConflict:
      return reason_of(status_of(error.kind));
    case ErrorKind::kTimeout:
      return "Outcome Unknown";
    case ErrorKind::kUnderWay:
      return "Request Under Way";
    case ErrorKind::kKeyReused:
      return "Key Reused";
    default:
      return reason_of(status);
  }
}

/// `urn:ginnel:problem:not-found` for `Not Found`.
std::string type_of(std::string_view title) {
  std::string name = ascii_lower(title);
  std::replace(name.begin(), name.end(), ' ', '-');
  return std::string(kProblemType) + name;
}

std::string json_of(const std::vector<FieldFault>& faults) {
  std::string out = "[";
  for (const FieldFault& fault : faults) {
    out += out.size() > 1 ? "," : "";
    JsonObject object(out);
    object.add("field", fault.field).add("message", fault.message);
    object.end();
  }
  return out + "]";
}

std::string document_of(const Request& request, const Error& error, int status) {
  const std::string_view title = title_of(error, status);
  std::string out;
  JsonObject object(out);
  object.add("detail", error.message);
  if (!error.faults.empty()) {
    object.add_raw("errors", json_of(error.faults));
  }
  if (request.path().starts_with('/')) {
    object.add("instance", request.path());
  }
  object.add("request_id", request.request_id()).add("status", status);
  object.add("title", title).add("type", type_of(title));
  object.end();
  return out;
}

}  // namespace

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

Error unreadable_body(std::string message, std::string why) {
  Error error(ErrorKind::kInvalid, std::move(message));
  error.faults.push_back({std::string(kWholeBody), std::move(why)});
  return error;
}

void present_error(const Request& request, Response& response) {
  response.add("Vary", "Accept");
  const auto accept = request.list_field("Accept");
  if (accept && asks_for(*accept, kProblemJson, kJson)) {
    response.content_type = kProblemJson;
    response.body = document_of(request, *response.error, response.status) + "\n";
  }
}

}  // namespace ginnel::http
