// SPDX-License-Identifier: MIT
#include "api/user_handlers.h"

#include <utility>

#include "api/body_reader.h"
#include "api/idempotency_key.h"
#include "api/row_answers.h"
#include "http/problem.h"
#include "storage/user_store.h"

namespace ginnel::api {
namespace {

constexpr std::uint32_t kUsersPerPage = 20;

/// A store walks over every row that a page skips: 1 ms for so many that are in memory, and many
/// times that from a disk (SQLite 3.40, 2026-11-25).
constexpr std::uint64_t kMaxSkippedRows = 100'000;

/// Faults of a text that is `own`, the user's already, are none: the rules may have been others.
std::optional<std::string> read_username(BodyReader& reader, const std::string* own = nullptr) {
  auto text = reader.text("username", "Username", "Username must be a non-empty string");
  if (text && (own == nullptr || *text != *own)) {
    reader.add(domain::username_fault(*text));
  }
  return text;
}

std::optional<std::string> read_email(BodyReader& reader, const std::string* own = nullptr) {
  auto text = reader.text("email", "Email", "Email must be a valid email address");
  if (text && (own == nullptr || *text != *own)) {
    reader.add(domain::email_fault(*text));
  }
  return text;
}

/// The metadata as the text that was sent. It may always be left out.
std::optional<std::string> read_metadata(const JsonBody& body, BodyReader& faults) {
  const JsonField field = body.field("metadata");
  if (field.kind == JsonField::Kind::kAbsent) {
    return std::nullopt;
  }
  std::string text(field.raw);
  faults.add(domain::metadata_fault(text));
  return text;
}

Result<domain::UserDraft> read_user_draft(const http::Request& request) {
  auto body = read_object(request);
  if (!body) {
    return std::move(body).error();
  }
  BodyReader reader(*body, true);
  auto username = read_username(reader);
  auto email = read_email(reader);
  auto metadata = read_metadata(*body, reader);
  if (auto fault = reader.fault()) {
    return std::move(*fault);
  }
  return domain::UserDraft{
      std::move(*username), std::move(*email), std::move(metadata).value_or(domain::kNoMetadata)};
}

Result<domain::UserChange> read_user_change(const http::Request& request,
                                            const domain::User& known) {
  auto body = read_object(request);
  if (!body) {
    return std::move(body).error();
  }
  BodyReader reader(*body, false);
  domain::UserChange change;
  change.username = read_username(reader, &known.username);
  change.email = read_email(reader, &known.email);
  change.metadata = read_metadata(*body, reader);
  if (auto fault = reader.fault()) {
    return std::move(*fault);
  }
  return change;
}

/// Whether `include=metadata` is asked for; there is nothing else to include.
bool read_include(QueryReader& reader) {
  const auto include = reader.text("include");
  if (include && *include != "metadata") {
    constexpr std::size_t kShown = 64;  // bytes: a query may be long
    reader.refuse("include", "must be metadata, not \"" + include->substr(0, kShown) + '"');
  }
  return include.has_value();
}

}  // namespace

Task<http::Response> UserHandlers::list(const http::Request& request) {
  QueryReader reader(request);
  const auto cursor = reader.number("cursor", 0);
  const auto wanted_page = reader.number("page", 1);
  const std::uint32_t limit = reader.per_page(kUsersPerPage);
  storage::UserQuery query;
  query.after = domain::UserId{cursor.value_or(0)};
  query.limit = limit;
  query.max_bytes = kMaxPageBytes;
  query.username = reader.text("username");
  if (!cursor && wanted_page) {
    query.offset = static_cast<std::uint64_t>(*wanted_page - 1) * limit;
    if (query.offset > kMaxSkippedRows) {
      reader.refuse("page", "must not skip more than 100000 rows; follow Link, or use cursor");
    }
  }
  if (const auto fault = reader.fault()) {
    co_return http::problem(*fault);
  }
  auto users = co_await users_.list(std::move(query), call_of(request));
  co_return page(std::move(users), request);
}

Task<http::Response> UserHandlers::create(const http::Request& request) {
  auto draft = read_user_draft(request);
  if (!draft) {
    co_return problem_of_new(draft.error());
  }
  auto caller = creator_of(request);
  if (!caller) {
    co_return http::problem(caller.error());
  }
  const auto user = co_await users_.create(std::move(*draft), std::move(*caller));
  if (!user) {
    co_return http::problem(user.error());
  }
  co_return created(*user, request);
}

Task<http::Response> UserHandlers::get(const http::Request& request, http::PathParameters path) {
  QueryReader reader(request);
  const bool with_metadata = read_include(reader);
  if (const auto fault = reader.fault()) {
    co_return http::problem(*fault);
  }
  if (with_metadata) {
    co_return answer(co_await users_.profile(id_of<domain::UserId>(path), call_of(request)));
  }
  const auto user = co_await users_.get(id_of<domain::UserId>(path), call_of(request));
  co_return answer(user, request);
}

Task<http::Response> UserHandlers::change(const http::Request& request, http::PathParameters path) {
  const auto known = co_await users_.get(id_of<domain::UserId>(path), call_of(request));
  if (!known) {
    co_return http::problem(known.error());
  }
  auto change = read_user_change(request, *known);
  if (!change) {
    co_return http::problem(change.error());
  }
  auto caller = conditional_caller_of(request);
  if (!caller) {
    co_return http::problem(caller.error());
  }
  const auto user = co_await users_.change(*known, std::move(*change), std::move(*caller));
  if (!user && user.error().kind == ErrorKind::kConflict) {
    // The reference answers 422 to a duplicate here, and 409 to one on creation: both are pinned.
    co_return http::problem(user.error(), 422);
  }
  co_return answer(user);
}

Task<http::Response> UserHandlers::remove(const http::Request& request, http::PathParameters path) {
  auto caller = conditional_caller_of(request);
  if (!caller) {
    co_return http::problem(caller.error());
  }
  co_return answer(co_await users_.remove(id_of<domain::UserId>(path), std::move(*caller)));
}

}  // namespace ginnel::api
