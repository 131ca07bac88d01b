// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "base/result.h"
#include "change/context.h"
#include "http/request.h"
#include "http/response.h"

namespace ginnel::api {

/// `status` with this JSON of a row, and its entity tag.
http::Response tagged(std::string json, int status = 200);

/// `tagged`, or what If-Match and If-None-Match make of it: 304 when the client has it already, 412
/// when he wants another, 400 when they are malformed.
http::Response answer_to_get(std::string json, const http::Request& request);

/// Who asks for a change or a deletion, on the condition that the row is, at that moment, what the
/// request's If-Match and If-None-Match say. Fails with kInvalid where these are malformed.
Result<change::Context> conditional_caller_of(const http::Request& request);

}  // namespace ginnel::api
