// SPDX-License-Identifier: MIT
#include "api/redirect_handler.h"

#include <utility>

#include "domain/short_code.h"
#include "page/error_page.h"

namespace ginnel::api {
namespace {

void answer_problem(const http::Request& request, http::Response& response, Error error) {
  response = http::problem(std::move(error));
  page::show_to_people(request, response);
}

void answer_absent(const http::Request& request, http::Response& response) {
  answer_problem(request, response, Error(ErrorKind::kNotFound, "Not found"));
}

void answer_redirect(const http::Request& request,
                     http::Response& response,
                     bool enabled,
                     std::string_view location) {
  if (!enabled) {
    answer_problem(request, response, Error(ErrorKind::kGone, "URL is deactivated"));
    return;
  }
  response.status = 302;
  response.add("Location", location);
}

/// Whether a page is fetched before anybody asked to see it, by a field of the request: Chrome and
/// Firefox say Sec-Purpose, other browsers Purpose, old Firefox X-Moz, old Safari X-Purpose.
bool says_purpose(std::string_view name) noexcept {
  // By their lengths first: a request has a dozen fields, and this is asked of each.
  switch (name.size()) {
    case 5:
      return http::same_field_name(name, "X-Moz");
    case 7:
      return http::same_field_name(name, "Purpose");
    case 9:
      return http::same_field_name(name, "X-Purpose");
    case 11:
      return http::same_field_name(name, "Sec-Purpose");
    default:
      return false;
  }
}

/// Safari's preview is the picture of a page that it shows among the favourites; a prerendered page
/// is shown when it is asked for, without another request.
bool is_prefetch(const http::Request& request) noexcept {
  for (std::size_t i = 0; i < request.field_count(); ++i) {
    if (!says_purpose(request.field_name(i))) {
      continue;
    }
    const std::string_view value = request.field_value(i);
    for (const std::string_view purpose : {"prefetch", "prerender", "preview"}) {
      if (http::same_field_name(value.substr(0, purpose.size()), purpose)) {
        return true;
      }
    }
  }
  return false;
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
      answer_absent(request, response);
      return true;
    case cache::HotAnswer::Kind::kFound:
      answer_redirect(request, response, answer.redirect.enabled, answer.redirect.location);
      if (answer.redirect.enabled) {
        count(request, {path[0], answer.redirect.link, answer.redirect.user});
      }
      return true;
  }
  return false;
}

Task<http::Response> RedirectHandler::get(const http::Request& request, http::PathParameters path) {
  http::Response response;
  auto code = http::percent_decoded(path[0]);
  if (!code || !domain::ShortCode::is_valid(*code)) {
    answer_absent(request, response);
    co_return response;
  }
  auto redirect = co_await redirects_.resolve(request.core(), *code);
  if (redirect) {
    answer_redirect(request, response, redirect->enabled, redirect->location);
    if (redirect->enabled) {
      count(request, {*code, redirect->link, redirect->user});
    }
  } else if (redirect.error().kind == ErrorKind::kNotFound) {
    answer_absent(request, response);
  } else {
    answer_problem(request, response, redirect.error());
  }
  co_return response;
}

/// HEAD looks and does not follow: it is no click.
void RedirectHandler::count(const http::Request& request,
                            const clicks::FollowedLink& followed) const noexcept {
  if (request.method() != http::Method::kGet) {
    return;
  }
  clicks::Visit visit;
  visit.address = http::client_address(request, proxies_);
  visit.user_agent = request.field("User-Agent").value_or("");
  visit.referrer = request.field("Referer").value_or("");
  visit.prefetch = is_prefetch(request);
  redirects_.count(request.core(), followed, visit);
}

}  // namespace ginnel::api
