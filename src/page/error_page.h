// SPDX-License-Identifier: MIT
#pragma once

#include "http/request.h"
#include "http/response.h"

namespace ginnel::page {

/// Turns an error told in JSON into a small page when a person looks at it (http::prefers_html).
/// The status and the fields stay, the address of the page leads to its style from any depth.
void show_to_people(const http::Request& request, http::Response& error);

}  // namespace ginnel::page
