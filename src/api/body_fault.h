// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "http/request.h"

namespace ginnel::api {

/// Why a body that JsonBody::parse does not take, or an empty object, is not what was asked for, in
/// words for whoever sent it: there is none, its media type, its encoding, the line and column
/// where the JSON breaks, or what it is instead of an object. Lines and columns count from 1,
/// columns in characters.
std::string body_fault(const http::Request& request);

}  // namespace ginnel::api
