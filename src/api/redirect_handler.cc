// SPDX-License-Identifier: MIT
#include "api/redirect_handler.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

#include "base/percent_encoding.h"
#include "cache/hot_answer.h"
#include "domain/short_code.h"
#include "domain/typed_code.h"
#include "http/problem.h"

namespace ginnel::api {
namespace {

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

/// A path up to its first `?`, `&` or `#`, encoded or not: behind the code nothing further counts.
std::string_view up_to_query(std::string_view path) noexcept {
  constexpr std::string_view kEncoded[] = {"%3F", "%3f", "%26", "%23"};
  for (std::size_t at = path.find_first_of("%&#"); at != path.npos;
       at = path.find_first_of("%&#", at + 1)) {
    const std::string_view mark = path.substr(at, path[at] == '%' ? 3 : 1);
    if (mark.size() == 1 || std::ranges::find(kEncoded, mark) != std::end(kEncoded)) {
      return path.substr(0, at + mark.size());
    }
  }
  return path;
}

/// The code that a path means, or nothing.
std::optional<std::string> typed_code(std::string_view path) {
  const auto text = percent_decoded(up_to_query(path));
  const auto code = text ? domain::code_within(*text) : std::nullopt;
  return code ? std::optional(std::string(*code)) : std::nullopt;
}

}  // namespace

bool RedirectHandler::answer_hot(const http::Request& request,
                                 const http::PathParameters& path,
                                 http::Response& response) const {
  const cache::HotAnswer answer = redirects_[request.core()]->find_hot(path[0]);
  using Kind = cache::HotAnswer::Kind;
  if (answer.kind == Kind::kUnknown) {
    return false;
  }
  conclude(request, path[0], answer.kind == Kind::kFound ? &answer.redirect : nullptr, response);
  return true;
}

Task<http::Response> RedirectHandler::get(const http::Request& request, http::PathParameters path) {
  auto code = percent_decoded(path[0]);
  if (!code || !domain::ShortCode::is_valid(*code)) {
    co_return conclude(request, std::optional<domain::Redirect>());
  }
  auto found = co_await redirects_[request.core()]->resolve(*code);
  if (found && *found && !domain::same_in_any_case((*found)->code, *code)) {
    found->reset();
  }
  co_return conclude(request, found);
}

Task<http::Response> RedirectHandler::get_typed(const http::Request& request,
                                                http::PathParameters path) {
  auto code = typed_code(path[0]);
  if (!code) {
    co_return conclude(request, std::optional<domain::Redirect>());
  }
  const auto found = co_await redirects_[request.core()]->resolve(std::move(*code));
  co_return conclude(request, found);
}

bool RedirectHandler::holds_code(const http::PathParameters& path) {
  return typed_code(path[0]).has_value();
}

http::Response RedirectHandler::conclude(
    const http::Request& request, const Result<std::optional<domain::Redirect>>& found) const {
  if (!found) {
    return http::problem(found.error());
  }
  http::Response response;
  if (const auto& redirect = *found) {
    const domain::RedirectView link = redirect->view();
    conclude(request, redirect->code, &link, response);
  } else {
    conclude(request, {}, nullptr, response);
  }
  return response;
}

/// The click is the link's, however its `code` was typed.
void RedirectHandler::conclude(const http::Request& request,
                               std::string_view code,
                               const domain::RedirectView* link,
                               http::Response& response) const {
  const domain::VisitFacts facts = {request.method() != http::Method::kGet};
  switch (domain::decide(link, facts)) {
    case domain::VisitOutcome::kNotFound:
      response = http::problem(Error(ErrorKind::kNotFound, "Not found"));
      return;
    case domain::VisitOutcome::kGone:
      response = http::problem(Error(ErrorKind::kGone, "URL is deactivated"));
      return;
    case domain::VisitOutcome::kFollowed:
      count(request, {code, link->link, link->user});
      [[fallthrough]];
    case domain::VisitOutcome::kShown:
      response.status = 302;
      response.add("Location", link->location);
  }
}

void RedirectHandler::count(const http::Request& request,
                            const clicks::FollowedLink& followed) const noexcept {
  clicks::Visit visit;
  visit.address = http::client_address(request, proxies_);
  visit.user_agent = request.field("User-Agent").value_or("");
  visit.referrer = request.field("Referer").value_or("");
  visit.prefetch = is_prefetch(request);
  redirects_[request.core()]->count(followed, visit);
}

}  // namespace ginnel::api
