// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "http/body_stream.h"
#include "http/principal.h"
#include "http/request.h"
#include "http/response.h"

namespace ginnel::http {

/// What the braces of a pattern matched, in order. Still percent-encoded; valid as long as the
/// request.
using PathParameters = std::array<std::string_view, 2>;

/// Answers a request, waiting where it has to. Must not throw what it can answer.
using Handler = std::function<Task<Response>(const Request&, PathParameters)>;

/// Answers a request whose body it takes while it comes. What it borrows of the request lasts until
/// it asks for the first piece. A connection whose body was not taken to its end is closed.
using StreamHandler = std::function<Task<Response>(const Request&, BodyStream&)>;

/// Answers at once into `response` (which is reset), or gives false: then the route's Handler runs.
/// A plain function on the hot path: it neither waits nor allocates.
using ImmediateHandler = std::function<bool(const Request&, const PathParameters&, Response&)>;

/// Tells paths of one pattern apart.
using PathTest = std::function<bool(const PathParameters&)>;

/// Turns an error told in JSON into what a person sees, when one looks at it.
using ErrorPage = std::function<void(const Request&, Response&)>;

struct Route {
  Method method = Method::kGet;
  std::string pattern;  ///< `/users/{id}`: the metrics' label, and the documentation's key
  Handler handler;
  ImmediateHandler immediate;      ///< may be empty; only of routes that are not guarded
  StreamHandler streaming;         ///< instead of `handler`
  std::size_t max_body_bytes = 0;  ///< of a streaming route; ServerOptions has it for the others
  bool guarded = true;             ///< whether the router's guard is asked
  bool paced = false;              ///< its handlers have a millisecond of each turn together
  PathTest paced_if;               ///< ... only for these; empty: for all
  bool large = false;              ///< each loop makes a few of its answers at a time
  std::size_t index = 0;           ///< its place in Router::routes()
};

/// Which handler a request is for.
///
/// Patterns are made of literal segments, `{id}` (digits, as many as there are) and `{code}`,
/// `{name}`, ... (any text without a slash). The first pattern in the order of adding that has the
/// shape of a path decides, so literals are added before `{code}`. A GET route also serves HEAD. A
/// route is guarded unless it was added as public.
class Router final {
 public:
  /// What a path matched. `route` is null when nothing has this path (`allow` empty) or nothing has
  /// this method (`allow` lists the methods that are: `GET, HEAD, OPTIONS`).
  struct Match {
    const Route* route = nullptr;
    PathParameters parameters;
    std::string allow;
  };

  /// Adds a guarded route; call before the server starts. Throws std::invalid_argument for a method
  /// and pattern that stand already.
  void add(Method method, std::string pattern, Handler handler);

  /// The same for a route that is open to everybody.
  void add_public(Method method,
                  std::string pattern,
                  Handler handler,
                  ImmediateHandler immediate = {});

  /// Adds a guarded route that takes bodies of up to `max_body_bytes` while they come. Throws as
  /// `add`.
  void add_streaming(Method method,
                     std::string pattern,
                     std::size_t max_body_bytes,
                     StreamHandler handler);

  /// Sets what tells for guarded routes who sends a request and what he may do, or why he is
  /// refused; until then everybody may use them. It judges by the header alone, a body may not have
  /// come yet, and by these `fields` of it. Called on any loop; does not wait. Call before the
  /// server starts.
  ///
  ///     router.set_guard("X-API-Key", [](const Request& request) -> Result<Principal> {
  ///       if (request.field("X-API-Key") == key) return Principal{"ada", Rights::kManage};
  ///       return Error(ErrorKind::kUnauthorized, "no good key");
  ///     });
  void set_guard(std::string fields, std::function<Result<Principal>(const Request&)> guard) {
    guard_fields_ = std::move(fields);
    guard_ = std::move(guard);
  }

  /// The names of the fields that the guard looks at, as one list: a cache of the caller's own
  /// gives an answer again only to requests that the guard would judge alike.
  std::string_view guard_fields() const noexcept { return guard_fields_; }

  /// The handlers of this pattern compute for everybody who asks, where `only` is given for those
  /// paths alone: in each turn of a loop they have a millisecond together, so that many who ask
  /// keep nobody else waiting. Throws std::invalid_argument when there is no such pattern.
  void pace(std::string_view pattern, const PathTest& only = {});

  /// The answers of this pattern's GET are large: each loop makes a few of them at a time
  /// (Loop::begin_large), so that what is not yet in a connection's output is bounded too. Throws
  /// std::invalid_argument when there is no such route.
  void expect_large(std::string_view pattern);

  /// GETs of paths that have no route and that `only` takes go to this public route; its parameter
  /// is what stands behind the first slash of the path, and so is what `only` is given. Throws
  /// std::invalid_argument when there is no such pattern.
  void set_fallback(std::string_view pattern, PathTest only);

  /// Sets how people see errors; until then as programs do.
  void set_error_page(ErrorPage page) { error_page_ = std::move(page); }

  /// Gives an error that is still told in JSON its form for people, unless `route` is guarded or
  /// the path lies where guarded routes do, and no route names it: there programs ask. `route` is
  /// null where there is none.
  void show_error(const Request& request, const Route* route, Response& error) const;

  /// Does not allocate when a route is found.
  Match match(Method method, std::string_view path) const;

  /// Who sends `request`, whose route is `route`: who the guard says he is, or, on a public route,
  /// a visitor. Fails as the guard, and with kForbidden when his rights are not enough.
  Result<Principal> admit(const Route& route, const Request& request) const;

  const std::vector<Route>& routes() const noexcept { return routes_; }

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  static constexpr std::size_t kMaxDepth = 5;  ///< segments of the longest pattern
  static constexpr std::size_t kTooDeep = kMaxDepth + 1;

  using Segments = std::array<std::string_view, kMaxDepth>;

  /// The segments of one pattern and the places of its routes in `routes_`, by method; kNone where
  /// there is none.
  struct Shape {
    bool matches(const Segments& segments, PathParameters& parameters) const noexcept;

    /// False when the length of the first segment shows that it does not match: most of the shapes
    /// that a short code has to pass are told by this alone.
    bool may_match(const Segments& segments) const noexcept {
      return first_length == 0 || first_length == segments[0].size();
    }

    std::vector<std::string> expected;
    std::array<std::size_t, kMethodCount> by_method;
    std::size_t first_length = 0;  ///< of a literal first segment; 0: any
  };

  static std::size_t split(std::string_view path, Segments& segments) noexcept;
  void fall_back(Method method, std::string_view path, Match& match) const;
  bool is_guarded(std::string_view path) const noexcept;
  Route& insert(Method method, std::string pattern);
  static std::string methods_of(const Shape& shape);

  std::string guard_fields_;
  std::function<Result<Principal>(const Request&)> guard_ = [](const Request&) {
    return Principal{"", Rights::kManage};
  };
  ErrorPage error_page_;
  PathTest falls_back_;
  std::size_t fallback_ = kNone;  ///< its place in `routes_`
  std::vector<Route> routes_;
  std::array<std::vector<Shape>, kMaxDepth + 1> shapes_;  ///< by number of segments
};

}  // namespace ginnel::http
