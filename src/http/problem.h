// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "http/request.h"
#include "http/response.h"

namespace ginnel::http {

/// The media type of a problem document (RFC 9457).
inline constexpr std::string_view kProblemJson = "application/problem+json";

/// What the `type` of every problem of ours begins with; docs/api.md lists what follows.
inline constexpr std::string_view kProblemType = "urn:ginnel:problem:";

/// The field under which a fault of a request's body as a whole stands.
inline constexpr std::string_view kWholeBody = "body";

/// The status of each kind of error.
int status_of(ErrorKind kind) noexcept;

/// `{"error":"..."}`, or `{"details":{...},"error":"Validation failed"}` when only its fields say
/// what is wrong. The session gives it the form that the request asks for (`present_error`).
Response problem(Error error);

/// The same with another status than the kind's own: the interface has a few (docs/api.md).
Response problem(Error error, int status);

/// `{"error":message}`.
Response problem(int status, std::string_view message);

/// A kInvalid error about a body that cannot be read. `why` stands beside the message, in
/// `details`.
Error unreadable_body(std::string message, std::string why);

/// Gives an answer that holds an error the form that its request asks for: a problem document when
/// Accept names one and prefers it to JSON or likes both the same, else the JSON that it has. The
/// one place where the form of an error is chosen; it says so by `Vary: Accept`.
void present_error(const Request& request, Response& response);

}  // namespace ginnel::http
