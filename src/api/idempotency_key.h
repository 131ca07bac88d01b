// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "change/context.h"
#include "http/request.h"

namespace ginnel::api {

/// Who asks for a creation, with his Idempotency-Key where he sent one: 1 to 255 visible ASCII
/// characters, with or without the quotes that draft-ietf-httpapi-idempotency-key-header-07 puts
/// around them. It stands for this method, path, query and body. Fails with kInvalid.
Result<change::Context> creator_of(const http::Request& request);

}  // namespace ginnel::api
