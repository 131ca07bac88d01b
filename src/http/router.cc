// SPDX-License-Identifier: MIT
#include "http/router.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace ginnel::http {
namespace {

bool is_id(std::string_view text) noexcept {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Removes the first segment of a path that begins with `/` and gives it.
std::string_view take_segment(std::string_view& path) noexcept {
  path.remove_prefix(1);
  const std::string_view segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

/// Whether `path` has the shape of `pattern`; fills `parameters` from the left.
bool matches(std::string_view pattern, std::string_view path, PathParameters& parameters) noexcept {
  std::size_t filled = 0;
  while (!pattern.empty() && !path.empty() && path.front() == '/') {
    const std::string_view expected = take_segment(pattern);
    const std::string_view segment = take_segment(path);
    if (!expected.empty() && expected.front() == '{') {
      if (segment.empty() || (expected == "{id}" && !is_id(segment))) {
        return false;
      }
      parameters[filled++] = segment;
    } else if (expected != segment) {
      return false;
    }
  }
  return pattern.empty() && path.empty();
}

std::size_t depth_of(std::string_view path) noexcept {
  return static_cast<std::size_t>(std::count(path.begin(), path.end(), '/'));
}

}  // namespace

void Router::add(Method method, std::string pattern, Handler handler, ImmediateHandler immediate) {
  auto& shapes = shapes_.at(depth_of(pattern));
  auto shape = std::find_if(
      shapes.begin(), shapes.end(), [&](const Shape& known) { return known.pattern == pattern; });
  if (shape == shapes.end()) {
    shape = shapes.insert(shapes.end(), Shape{pattern, {}});
    shape->by_method.fill(kNone);
  }
  std::size_t& place = shape->by_method[static_cast<std::size_t>(method)];
  if (place != kNone) {
    throw std::invalid_argument("the route stands already: " + pattern);
  }
  place = routes_.size();
  routes_.push_back({method, std::move(pattern), std::move(handler), std::move(immediate), place});
}

Router::Match Router::match(Method method, std::string_view path) const {
  Match match;
  const std::size_t depth = depth_of(path);
  if (depth > kMaxDepth) {
    return match;
  }
  for (const Shape& shape : shapes_[depth]) {
    if (!matches(shape.pattern, path, match.parameters)) {
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
  return match;
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
