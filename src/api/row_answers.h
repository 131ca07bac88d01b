// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/conditional_requests.h"
#include "api/json.h"
#include "api/query.h"
#include "base/result.h"
#include "domain/json_form.h"
#include "http/request.h"
#include "http/response.h"
#include "http/router.h"

namespace ginnel::api {

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

/// 200 with at most `limit` rows, or the problem. `rows` was asked for one row more, which tells
/// whether there is a next page: then `Link` leads there by `cursor_name`.
template <class Row>
http::Response page(Result<std::vector<Row>> rows,
                    std::uint32_t limit,
                    const http::Request& request,
                    std::string_view cursor_name = "cursor") {
  if (!rows) {
    return http::problem(rows.error());
  }
  const bool more = rows->size() > limit;
  if (more) {
    rows->pop_back();
  }
  auto response = http::json(json_array(*rows));
  if (more) {
    add_next_link(response, request, cursor_name, rows->back().id.value);
  }
  return response;
}

}  // namespace ginnel::api
