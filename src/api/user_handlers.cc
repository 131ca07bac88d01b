// SPDX-License-Identifier: MIT
#include "api/user_handlers.h"

#include <utility>

#include "api/body_reader.h"
#include "api/json.h"
#include "api/query.h"
#include "domain/json_form.h"

namespace ginnel::api {
namespace {

constexpr std::uint32_t kDefaultPerPage = 20;
constexpr std::string_view kNeedsObject = "Request body must be a JSON object";
constexpr std::string_view kUnknown = "User not found";

std::optional<std::string> read_username(BodyReader& reader) {
  auto text = reader.text("username", "Username", "Username must be a non-empty string");
  if (text) {
    reader.add(domain::username_fault(*text));
  }
  return text;
}

std::optional<std::string> read_email(BodyReader& reader) {
  auto text = reader.text("email", "Email", "Email must be a valid email address");
  if (text) {
    reader.add(domain::email_fault(*text));
  }
  return text;
}

}  // namespace

Task<http::Response> UserHandlers::list(const http::Request& request) {
  QueryReader reader(request);
  const auto cursor = reader.number("cursor", 0);
  const auto page = reader.number("page", 1);
  storage::UserQuery query;
  const std::uint32_t limit = reader.per_page(kDefaultPerPage);
  if (const auto fault = reader.fault()) {
    co_return http::problem(*fault);
  }
  query.after = domain::UserId{cursor.value_or(0)};
  if (!cursor && page) {
    query.offset = static_cast<std::uint64_t>(*page - 1) * limit;
  }
  query.limit = limit + 1;  // one more tells whether there is a next page
  auto users = co_await users_.list(query);
  if (!users) {
    co_return http::problem(users.error());
  }
  const bool more = users->size() > limit;
  if (more) {
    users->pop_back();
  }
  auto response = http::json(json_array(*users));
  if (more) {
    add_next_link(response, request, "cursor", users->back().id.value);
  }
  co_return response;
}

Task<http::Response> UserHandlers::create(const http::Request& request) {
  const auto body = JsonBody::parse(request);
  if (!std::holds_alternative<JsonBody>(body)) {
    co_return http::problem(400, kNeedsObject);
  }
  BodyReader reader(std::get<JsonBody>(body), true);
  auto username = read_username(reader);
  auto email = read_email(reader);
  if (const auto fault = reader.fault()) {
    co_return http::problem(*fault, 422);
  }
  domain::UserDraft draft;
  draft.username = std::move(*username);
  draft.email = std::move(*email);
  auto user = co_await users_.create(std::move(draft), caller_of(request));
  if (!user) {
    co_return http::problem(user.error());
  }
  auto response = http::json(domain::json_of(*user), 201);
  response.add("Location", "/users/" + std::to_string(user->id.value));
  co_return response;
}

Task<http::Response> UserHandlers::get(http::PathParameters path) {
  const auto id = path_id<domain::UserId>(path[0]);
  if (!id) {
    co_return http::problem(404, kUnknown);
  }
  auto user = co_await users_.get(*id);
  if (!user) {
    co_return http::problem(user.error());
  }
  co_return http::json(domain::json_of(*user));
}

Task<http::Response> UserHandlers::change(const http::Request& request, http::PathParameters path) {
  const auto id = path_id<domain::UserId>(path[0]);
  if (!id) {
    co_return http::problem(404, kUnknown);
  }
  auto known = co_await users_.get(*id);
  if (!known) {
    co_return http::problem(known.error());
  }
  const auto body = JsonBody::parse(request);
  if (!std::holds_alternative<JsonBody>(body)) {
    co_return http::problem(400, kNeedsObject);
  }
  BodyReader reader(std::get<JsonBody>(body), false);
  domain::UserChange change;
  change.username = read_username(reader);
  change.email = read_email(reader);
  if (const auto fault = reader.fault()) {
    co_return http::problem(*fault);
  }
  auto user = co_await users_.change(known->id, std::move(change), caller_of(request));
  if (!user) {
    // The reference answers 422 to a duplicate here, and 409 to one on creation: both are pinned.
    const bool duplicate = user.error().kind == ErrorKind::kConflict;
    co_return http::problem(user.error(), duplicate ? 422 : http::status_of(user.error().kind));
  }
  co_return http::json(domain::json_of(*user));
}

Task<http::Response> UserHandlers::remove(const http::Request& request, http::PathParameters path) {
  const auto id = path_id<domain::UserId>(path[0]);
  if (!id) {
    co_return http::problem(404, kUnknown);
  }
  auto done = co_await users_.remove(*id, caller_of(request));
  if (!done) {
    co_return http::problem(done.error());
  }
  co_return http::no_content();
}

}  // namespace ginnel::api
