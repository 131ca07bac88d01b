// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "http/router.h"

namespace ginnel::api {

/// The interface as an OpenAPI 3.1 document in JSON: src/api/openapi.json, written by hand. Tests
/// fail when it and the router, or it and what the services answer, differ (openapi_test.cc,
/// tests/system/test_openapi.py).
std::string_view openapi_document() noexcept;

/// `/openapi.json`, and `/apispec.json`, where clients of the first implementation look for it;
/// `/docs`, Swagger UI on it where the build could fetch that (docs/decisions/0021).
void add_documentation_routes(http::Router& router);

}  // namespace ginnel::api
