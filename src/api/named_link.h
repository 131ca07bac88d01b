// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "base/task.h"
#include "domain/link.h"
#include "http/router.h"
#include "service/link_service.h"

namespace ginnel::api {

/// The link that a path names: by its id where the segment is digits alone, else by exactly this
/// code. Fails with kNotFound, `URL not found`, for a text that can be no code too.
Task<Result<domain::Link>> named_link(service::LinkService& links,
                                      const http::Request& request,
                                      http::PathParameters path);

}  // namespace ginnel::api
