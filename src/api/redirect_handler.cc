// SPDX-License-Identifier: MIT
#include "api/redirect_handler.h"

#include <utility>

#include "domain/short_code.h"

namespace ginnel::api {
namespace {

/// Not to be stored by anybody: every change of a link shows on the next visit (RFC 9111 5.2.2).
constexpr std::string_view kNotCached = "private, no-store";

void answer_problem(http::Response& response, int status, std::string_view body) {
  response.status = status;
  response.add("Cache-Control", kNotCached);
  response.body = body;
}

void answer_absent(http::Response& response) {
  answer_problem(response, 404, "{\"error\":\"Not found\"}\n");
}

void answer_redirect(http::Response& response, bool enabled, std::string_view location) {
  if (!enabled) {
    answer_problem(response, 410, "{\"error\":\"URL is deactivated\"}\n");
    return;
  }
  response.status = 302;
  response.add("Location", location);
  response.add("Cache-Control", kNotCached);
}

}  // namespace

bool RedirectHandler::answer_hot(const http::Request& request,
                                 const http::PathParameters& path,
                                 http::Response& response) const {
  const cache::HotAnswer answer = redirects_.find_hot(request.core(), path[0]);
  switch (answer.kind) {
    case cache::HotAnswer::Kind::kUnknown:
      return false;
    case cache::HotAnswer::Kind::kAbsent:
      answer_absent(response);
      return true;
    case cache::HotAnswer::Kind::kFound:
      answer_redirect(response, answer.redirect.enabled, answer.redirect.location);
      return true;
  }
  return false;
}

Task<http::Response> RedirectHandler::get(const http::Request& request, http::PathParameters path) {
  http::Response response;
  auto code = http::percent_decoded(path[0]);
  if (!code || !domain::ShortCode::is_valid(*code)) {
    answer_absent(response);
    co_return response;
  }
  auto redirect = co_await redirects_.resolve(request.core(), std::move(*code));
  if (redirect) {
    answer_redirect(response, redirect->enabled, redirect->location);
  } else if (redirect.error().kind == ErrorKind::kNotFound) {
    answer_absent(response);
  } else {
    response = http::problem(redirect.error());
    response.add("Cache-Control", kNotCached);
  }
  co_return response;
}

}  // namespace ginnel::api
