// SPDX-License-Identifier: MIT
#include "api/link_handlers.h"

#include <utility>

#include "api/body_reader.h"
#include "api/json.h"
#include "api/query.h"
#include "domain/json_form.h"
#include "domain/text.h"

namespace ginnel::api {
namespace {

constexpr std::uint32_t kDefaultPerPage = 100;
constexpr std::string_view kNeedsObject = "Request body must be a JSON object";
constexpr std::string_view kUnknown = "URL not found";

std::optional<std::string> read_title(BodyReader& reader) {
  auto title = reader.text("title", "title", "title must be a string");
  if (!title) {
    return title;
  }
  if (title->find('\0') != std::string::npos) {
    reader.add(FieldFault{"title", "title must not contain U+0000"});
  }
  if (domain::utf8_length(*title).value_or(0) > domain::kMaxTitleLength) {
    reader.add(FieldFault{"title", "title must not exceed 500 characters"});
  }
  return title;
}

std::optional<domain::TargetUrl> read_target(BodyReader& reader,
                                             const service::LinkService& links) {
  constexpr std::string_view kType = "original_url must be a non-empty string";
  const auto text = reader.text("original_url", "original_url", kType);
  if (!text) {
    return std::nullopt;
  }
  if (domain::trimmed(*text).empty()) {
    reader.add(FieldFault{"original_url", std::string(kType)});
    return std::nullopt;
  }
  auto target = links.parse_target(*text);
  if (!target) {
    reader.add(FieldFault{"original_url", target.error().message});
    return std::nullopt;
  }
  return std::move(*target);
}

/// The code a person chose; nothing when he leaves it to us.
std::optional<domain::ShortCode> read_code(const JsonBody& body, BodyReader& faults) {
  BodyReader reader(body, false);
  const auto text = reader.text("code", "code", "code must be a string");
  if (const auto fault = reader.fault()) {
    faults.add(fault->faults.front());
  }
  if (!text) {
    return std::nullopt;
  }
  auto code = domain::ShortCode::parse(*text);
  if (!code || text->size() < domain::ShortCode::kMinCustomLength) {
    faults.add(FieldFault{"code", "code must be 3 to 32 characters of 0-9, A-Z, a-z, - and _"});
    return std::nullopt;
  }
  return std::move(*code);
}

}  // namespace

Task<http::Response> LinkHandlers::list(const http::Request& request) {
  QueryReader reader(request);
  storage::LinkQuery query;
  // The reference's cursor on this list is called page_num; `cursor`, as elsewhere, is taken too.
  const auto page_num = reader.number("page_num", 0);
  const auto cursor = reader.number("cursor", 0);
  const auto user = reader.number("user_id", 0);
  query.enabled = reader.boolean("is_active");
  const std::uint32_t limit = reader.per_page(kDefaultPerPage);
  if (const auto fault = reader.fault()) {
    co_return http::problem(*fault);
  }
  query.after = domain::LinkId{cursor.value_or(page_num.value_or(0))};
  if (user) {
    query.user = domain::UserId{*user};
  }
  query.limit = limit + 1;
  auto links = co_await links_.list(query);
  if (!links) {
    co_return http::problem(links.error());
  }
  const bool more = links->size() > limit;
  if (more) {
    links->pop_back();
  }
  auto response = http::json(json_array(*links));
  if (more) {
    const std::string_view name = cursor ? "cursor" : "page_num";
    add_next_link(response, request, name, links->back().id.value);
  }
  co_return response;
}

Task<http::Response> LinkHandlers::create(const http::Request& request) {
  const auto body = JsonBody::parse(request);
  if (!std::holds_alternative<JsonBody>(body)) {
    co_return http::problem(400, kNeedsObject);
  }
  BodyReader reader(std::get<JsonBody>(body), true);
  const auto user = reader.id("user_id");
  auto target = read_target(reader, links_);
  auto title = read_title(reader);
  auto code = read_code(std::get<JsonBody>(body), reader);
  if (const auto fault = reader.fault()) {
    co_return http::problem(*fault, 422);
  }
  service::NewLink draft{
      domain::UserId{*user}, std::move(*target), std::move(*title), std::move(code)};
  auto link = co_await links_.create(std::move(draft), caller_of(request));
  if (!link) {
    // An unknown owner is pinned to 400 here.
    const bool unknown_user = link.error().kind == ErrorKind::kNotFound;
    co_return http::problem(link.error(), unknown_user ? 400 : http::status_of(link.error().kind));
  }
  auto response = http::json(domain::json_of(*link), 201);
  response.add("Location", "/urls/" + std::to_string(link->id.value));
  response.add("X-Short-URL", links_.short_url(link->code));
  co_return response;
}

Task<http::Response> LinkHandlers::get(http::PathParameters path) {
  const auto id = path_id<domain::LinkId>(path[0]);
  if (!id) {
    co_return http::problem(404, kUnknown);
  }
  auto link = co_await links_.get(*id);
  if (!link) {
    co_return http::problem(link.error());
  }
  co_return http::json(domain::json_of(*link));
}

Task<http::Response> LinkHandlers::change(const http::Request& request, http::PathParameters path) {
  const auto id = path_id<domain::LinkId>(path[0]);
  if (!id) {
    co_return http::problem(404, kUnknown);
  }
  auto known = co_await links_.get(*id);
  if (!known) {
    co_return http::problem(known.error());
  }
  const auto body = JsonBody::parse(request);
  if (!std::holds_alternative<JsonBody>(body)) {
    co_return http::problem(400, kNeedsObject);
  }
  BodyReader reader(std::get<JsonBody>(body), false);
  domain::LinkChange change;
  change.title = read_title(reader);
  change.enabled = reader.boolean("is_active");
  if (const auto target = read_target(reader, links_)) {
    change.target = target->text();
  }
  if (const auto fault = reader.fault()) {
    co_return http::problem(*fault);
  }
  auto link = co_await links_.change(known->id, std::move(change), caller_of(request));
  if (!link) {
    co_return http::problem(link.error());
  }
  co_return http::json(domain::json_of(*link));
}

Task<http::Response> LinkHandlers::remove(const http::Request& request, http::PathParameters path) {
  const auto id = path_id<domain::LinkId>(path[0]);
  if (!id) {
    co_return http::problem(404, kUnknown);
  }
  auto done = co_await links_.remove(*id, caller_of(request));
  if (!done) {
    co_return http::problem(done.error());
  }
  co_return http::no_content();
}

}  // namespace ginnel::api
