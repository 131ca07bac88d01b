// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.h"
#include "http/request.h"
#include "http/response.h"

namespace ginnel::api {

/// The names that a route looks at in a request; others are ignored, as the interface says.
struct KnownNames {
  std::vector<std::string_view> parameters;  ///< of the query
  std::vector<std::string_view> fields;      ///< of a JSON body
};

/// Most names that an answer tells, and most bytes of one and of all.
inline constexpr std::size_t kMostIgnoredNames = 16;
inline constexpr std::size_t kMostNameBytes = 64;
inline constexpr std::size_t kMostIgnoredBytes = 512;

/// The names in the request's query and, of a method that brings one, in its JSON body that are
/// none of `known`, each once, as a list: `search, short_code`. Empty when there are none. What is
/// not printable ASCII, a comma, `%` and `"` are percent-encoded. A longer name is cut, with `...`
/// at its end; names over the other limits are left out.
std::string ignored_names(const KnownNames& known, const http::Request& request);

/// What `answer` gives, with the field `X-Ignored: ignored`.
Task<http::Response> told(std::string ignored, Task<http::Response> answer);

}  // namespace ginnel::api
