// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "api/conditional_requests.h"
#include "api/json.h"
#include "api/query.h"
#include "base/result.h"
#include "domain/json_form.h"
#include "http/problem.h"
#include "http/request.h"
#include "http/response.h"
#include "http/router.h"

namespace ginnel::api {

/// About what a row takes as JSON beside its texts: names, numbers, times.
inline constexpr std::size_t kJsonOfNoText = 256;

/// The id in a path's `{id}`. One that is larger than any id can be gives 0, which no row has, so
/// that the store answers both alike.
template <class Id>
Id id_of(const http::PathParameters& path) noexcept {
  return Id{parse_row_number(path[0]).value_or(0)};
}

/// 200 with the row as it is after a change, or the problem that stands in its place.
template <class Row>
http::Response answer(const Result<Row>& row) {
  return row ? tagged(domain::json_of(*row)) : http::problem(row.error());
}

/// 200 with the row that was asked for, 304, or a problem.
template <class Row>
http::Response answer(const Result<Row>& row, const http::Request& request) {
  return row ? answer_to_get(domain::json_of(*row), request) : http::problem(row.error());
}

/// 201 with a new row, and where it is: below the path that it was sent to, under /v1 too.
template <class Row>
http::Response created(const Row& row, const http::Request& request) {
  auto response = tagged(domain::json_of(row), 201);
  response.add("Location", std::string(request.path()) + "/" + std::to_string(row.id.value));
  return response;
}

/// 204, or the problem.
inline http::Response answer(const Result<Done>& done) {
  return done ? http::no_content() : http::problem(done.error());
}

/// 200 with the rows of a store's page, or the problem. As JSON they may be longer than the store
/// counted: those that kMaxPageBytes do not hold are left out. When others follow, `Link` leads to
/// them by `cursor_name`.
template <class Page>
http::Response page(Result<Page> found,
                    const http::Request& request,
                    std::string_view cursor_name = "cursor") {
  if (!found) {
    return http::problem(found.error());
  }
  std::string text;
  const std::size_t expected = found->bytes + found->rows.size() * kJsonOfNoText;
  text.reserve(std::min(expected, kMaxPageBytes) + http::kHeaderRoom);
  const std::size_t shown = append_json_array(text, found->rows, kMaxPageBytes);
  if (text.capacity() > kMaxPageBytes + http::kHeaderRoom) {
    // The row that was too much doubled it: a client may be slow to take it, and holds all of it.
    std::string exact;
    exact.reserve(text.size() + http::kHeaderRoom);
    text = std::move(exact.append(text));
  }
  auto response = http::json(std::move(text));
  if (found->more || shown < found->rows.size()) {
    add_next_link(response, request, cursor_name, found->rows[shown - 1].id.value);
  }
  return response;
}

}  // namespace ginnel::api
