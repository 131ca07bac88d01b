// SPDX-License-Identifier: MIT
#include "http/router.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "base/text.h"

namespace ginnel::http {

/// Splits a path at its slashes; gives how many segments there are, kTooDeep when they are more
/// than any pattern has, 0 when the path does not begin with a slash.
std::size_t Router::split(std::string_view path, Segments& segments) noexcept {
  std::size_t count = 0;
  while (!path.empty() && path.front() == '/') {
    if (count == kMaxDepth) {
      return kTooDeep;
    }
    path.remove_prefix(1);
    segments[count] = path.substr(0, path.find('/'));
    path.remove_prefix(segments[count].size());
    ++count;
  }
  return count;
}

/// Whether `segments` have this shape; fills `parameters` from the left.
bool Router::Shape::matches(const Segments& segments, PathParameters& parameters) const noexcept {
  std::size_t filled = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const std::string_view segment = segments[i];
    if (!expected[i].starts_with('{')) {
      if (expected[i] != segment) {
        return false;
      }
    } else if (segment.empty() || (expected[i] == "{id}" && !has_only_digits(segment))) {
      return false;
    } else {
      parameters[filled++] = segment;
    }
  }
  return true;
}

void Router::add(Method method, std::string pattern, Handler handler) {
  insert(method, std::move(pattern)).handler = std::move(handler);
}

void Router::add_public(Method method,
                        std::string pattern,
                        Handler handler,
                        ImmediateHandler immediate) {
  Route& route = insert(method, std::move(pattern));
  route.handler = std::move(handler);
  route.immediate = std::move(immediate);
  route.guarded = false;
}

void Router::add_streaming(Method method,
                           std::string pattern,
                           std::size_t max_body_bytes,
                           StreamHandler handler) {
  Route& route = insert(method, std::move(pattern));
  route.streaming = std::move(handler);
  route.max_body_bytes = max_body_bytes;
}

Route& Router::insert(Method method, std::string pattern) {
  Segments segments;
  const std::size_t depth = split(pattern, segments);
  auto& shapes = shapes_.at(depth);
  const std::vector<std::string> expected(segments.begin(), segments.begin() + depth);
  auto shape = std::find_if(
      shapes.begin(), shapes.end(), [&](const Shape& known) { return known.expected == expected; });
  if (shape == shapes.end()) {
    shape = shapes.insert(shapes.end(), Shape{expected, {}});
    shape->by_method.fill(kNone);
    const bool literal = depth > 0 && !segments[0].starts_with('{');
    shape->first_length = literal ? segments[0].size() : 0;
  }
  std::size_t& place = shape->by_method[static_cast<std::size_t>(method)];
  if (place != kNone) {
    throw std::invalid_argument("the route stands already: " + pattern);
  }
  place = routes_.size();
  Route& route = routes_.emplace_back();
  route.method = method;
  route.pattern = std::move(pattern);
  route.index = place;
  return route;
}

void Router::pace(std::string_view pattern, const PathTest& only) {
  bool found = false;
  for (Route& route : routes_) {
    if (route.pattern == pattern) {
      route.paced = true;
      route.paced_if = only;
      found = true;
    }
  }
  if (!found) {
    throw std::invalid_argument("no route " + std::string(pattern));
  }
}

void Router::expect_large(std::string_view pattern) {
  const auto route = std::ranges::find_if(routes_, [&](const Route& known) {
    return known.method == Method::kGet && known.pattern == pattern;
  });
  if (route == routes_.end()) {
    throw std::invalid_argument("no route GET " + std::string(pattern));
  }
  route->large = true;
}

void Router::set_fallback(std::string_view pattern, PathTest only) {
  const auto route = std::ranges::find(routes_, pattern, &Route::pattern);
  if (route == routes_.end()) {
    throw std::invalid_argument("no route " + std::string(pattern));
  }
  fallback_ = route->index;
  falls_back_ = std::move(only);
}

void Router::fall_back(Method method, std::string_view path, Match& match) const {
  const bool looks = method == Method::kGet || method == Method::kHead;
  if (fallback_ == kNone || !looks || !path.starts_with('/')) {
    return;
  }
  const PathParameters rest = {path.substr(1)};
  if (falls_back_(rest)) {
    match.route = &routes_[fallback_];
    match.parameters = rest;
  }
}

void Router::show_error(const Request& request, const Route* route, Response& error) const {
  if (!error_page_ || error.content_type != kJson || (route != nullptr && route->guarded)) {
    return;
  }
  const bool is_named = route != nullptr && !route->pattern.starts_with("/{");
  if (is_named || !is_guarded(request.path())) {
    error_page_(request, error);
  }
}

/// Whether a path begins with the first segment of a guarded route.
bool Router::is_guarded(std::string_view path) const noexcept {
  const std::string_view first = path.substr(0, path.find('/', 1));
  return first.size() > 1 && std::ranges::any_of(routes_, [first](const Route& route) {
           const std::string_view pattern = route.pattern;
           return route.guarded && pattern.substr(0, pattern.find('/', 1)) == first;
         });
}

Router::Match Router::match(Method method, std::string_view path) const {
  Match match;
  Segments segments;
  const std::size_t depth = split(path, segments);
  if (depth > kMaxDepth) {
    fall_back(method, path, match);
    return match;  // the one that is always returned: a copy would cost every redirect
  }
  for (const Shape& shape : shapes_[depth]) {
    if (!shape.may_match(segments) || !shape.matches(segments, match.parameters)) {
      continue;
    }
    const Method served = method == Method::kHead ? Method::kGet : method;
    const std::size_t place = shape.by_method[static_cast<std::size_t>(served)];
    if (place != kNone) {
      match.route = &routes_[place];
    } else {
      match.allow = methods_of(shape);
    }
    return match;
  }
  fall_back(method, path, match);
  return match;
}

Result<Principal> Router::admit(const Route& route, const Request& request) const {
  if (!route.guarded) {
    return Principal();
  }
  auto caller = guard_(request);
  if (caller && caller->rights < Rights::kManage) {
    return Error(ErrorKind::kForbidden, "Forbidden");
  }
  return caller;
}

std::string Router::methods_of(const Shape& shape) {
  std::string list;
  for (std::size_t i = 0; i < kMethodCount; ++i) {
    const auto method = static_cast<Method>(i);
    const bool head = method == Method::kHead && shape.by_method[0] != kNone;
    if (shape.by_method[i] != kNone || head) {
      list.append(to_text(method)).append(", ");
    }
  }
  return list + "OPTIONS";
}

}  // namespace ginnel::http
