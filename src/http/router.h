// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.h"
#include "http/request.h"
#include "http/response.h"

namespace ginnel::http {

/// What the braces of a pattern matched, in order. Still percent-encoded; valid as long as the
/// request.
using PathParameters = std::array<std::string_view, 2>;

/// Answers a request, waiting where it has to. Must not throw what it can answer.
using Handler = std::function<Task<Response>(const Request&, PathParameters)>;

/// Answers at once into `response` (which is reset), or gives false: then the route's Handler runs.
/// A plain function on the hot path: it neither waits nor allocates.
using ImmediateHandler = std::function<bool(const Request&, const PathParameters&, Response&)>;

struct Route {
  Method method = Method::kGet;
  std::string pattern;  ///< `/users/{id}`: the metrics' label, and the documentation's key
  Handler handler;
  ImmediateHandler immediate;  ///< may be empty
  std::size_t index = 0;       ///< its place in Router::routes()
};

/// Which handler a request is for.
///
/// Patterns are made of literal segments, `{id}` (digits, as many as there are) and `{code}` (any
/// text without a slash). The first pattern in the order of adding that has the shape of a path
/// decides, so literals are added before `{code}`. A GET route also serves HEAD.
class Router final {
 public:
  /// What a path matched. `route` is null when nothing has this path (`allow` empty) or nothing has
  /// this method (`allow` lists the methods that are: `GET, HEAD, OPTIONS`).
  struct Match {
    const Route* route = nullptr;
    PathParameters parameters;
    std::string allow;
  };

  /// Adds a route; call before the server starts. Throws std::invalid_argument for a method and
  /// pattern that stand already.
  void add(Method method, std::string pattern, Handler handler, ImmediateHandler immediate = {});

  /// Does not allocate when a route is found.
  Match match(Method method, std::string_view path) const;

  const std::vector<Route>& routes() const noexcept { return routes_; }

 private:
  /// One pattern and the places of its routes in `routes_`, by method; kNone where there is none.
  struct Shape {
    std::string pattern;
    std::array<std::size_t, kMethodCount> by_method;
  };
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  static constexpr std::size_t kMaxDepth = 5;  ///< segments of the longest pattern

  static std::string methods_of(const Shape& shape);

  std::vector<Route> routes_;
  std::array<std::vector<Shape>, kMaxDepth + 1> shapes_;  ///< by number of segments
};

}  // namespace ginnel::http
