// SPDX-License-Identifier: MIT
#include "api/event_handlers.h"

#include <utility>

#include "api/body_reader.h"
#include "api/json.h"
#include "api/query.h"
#include "domain/event_details.h"
#include "domain/json_form.h"
#include "domain/text.h"

namespace ginnel::api {
namespace {

constexpr std::uint32_t kDefaultPerPage = 100;
constexpr std::string_view kUnknown = "Event not found";

/// Events answer with one message, the first that applies, where users and links name every field.
Error one_fault(std::string message) {
  return Error(ErrorKind::kInvalid, std::move(message));
}

/// The body's object; `{}` and everything falsy is `Request body must be JSON` (pinned).
Result<JsonBody> read_body(const http::Request& request) {
  auto parsed = JsonBody::parse(request);
  if (auto* body = std::get_if<JsonBody>(&parsed); body != nullptr && !body->empty()) {
    return std::move(*body);
  }
  const bool other = std::holds_alternative<JsonBody::Fault>(parsed) &&
                     std::get<JsonBody::Fault>(parsed) == JsonBody::Fault::kNoObject;
  return one_fault(other ? "Request body must be a JSON object" : "Request body must be JSON");
}

/// A row's number, or nothing when the field is absent.
Result<std::optional<std::int64_t>> read_id(const JsonBody& body, std::string_view name) {
  const JsonField field = body.field(name);
  if (field.kind == JsonField::Kind::kAbsent) {
    return std::optional<std::int64_t>();
  }
  if (field.kind != JsonField::Kind::kInteger || field.integer > domain::kMaxId) {
    return one_fault(std::string(name) + " must be an integer");
  }
  return std::optional<std::int64_t>(field.integer);
}

Result<std::optional<std::string>> read_type(const JsonBody& body) {
  const JsonField field = body.field("event_type");
  if (field.kind == JsonField::Kind::kAbsent) {
    return std::optional<std::string>();
  }
  const std::string_view type = domain::trimmed(field.text);
  if (field.kind != JsonField::Kind::kString || type.empty()) {
    return one_fault("event_type must be a non-empty string");
  }
  if (domain::has_control_characters(type)) {
    return one_fault("event_type must not contain control characters");
  }
  if (domain::utf8_length(type).value_or(0) > domain::kMaxEventTypeLength) {
    return one_fault("event_type must not exceed 50 characters");
  }
  return std::optional<std::string>(type);
}

/// The details as the text that was sent.
Result<std::optional<std::string>> read_details(const JsonBody& body) {
  const JsonField field = body.field("details");
  if (field.kind == JsonField::Kind::kAbsent) {
    return std::optional<std::string>();
  }
  if (field.kind != JsonField::Kind::kObject && field.kind != JsonField::Kind::kBadText) {
    return one_fault("details must be a JSON object");
  }
  if (auto fault = domain::event_details_fault(field.raw)) {
    return one_fault(std::move(*fault));
  }
  return std::optional<std::string>(field.raw);
}

template <class Value>
Result<Value> required(Result<std::optional<Value>> read, std::string_view message) {
  if (!read) {
    return std::move(read).error();
  }
  if (!read->has_value()) {
    return one_fault(std::string(message));
  }
  return std::move(**read);
}

Result<domain::EventDraft> read_draft(const JsonBody& body) {
  const auto link = required(read_id(body, "url_id"), "url_id must be an integer");
  if (!link) {
    return link.error();
  }
  const auto user = required(read_id(body, "user_id"), "user_id must be an integer");
  if (!user) {
    return user.error();
  }
  auto type = required(read_type(body), "event_type must be a non-empty string");
  if (!type) {
    return type.error();
  }
  auto details = read_details(body);
  if (!details) {
    return details.error();
  }
  return domain::EventDraft{domain::LinkId{*link},
                            domain::UserId{*user},
                            std::move(*type),
                            std::move(*details).value_or("{}")};
}

Result<domain::EventChange> read_change(const JsonBody& body) {
  domain::EventChange change;
  auto type = read_type(body);
  if (!type) {
    return type.error();
  }
  auto details = read_details(body);
  if (!details) {
    return details.error();
  }
  const auto link = read_id(body, "url_id");
  if (!link) {
    return link.error();
  }
  const auto user = read_id(body, "user_id");
  if (!user) {
    return user.error();
  }
  change.type = std::move(*type);
  change.details = std::move(*details);
  if (*link) {
    change.link = domain::LinkId{**link};
  }
  if (*user) {
    change.user = domain::UserId{**user};
  }
  return change;
}

/// A page of rows, with the link to the next when there is one. `rows` holds one more than asked.
template <class Row>
http::Response page_of(std::vector<Row> rows, std::uint32_t limit, const http::Request& request) {
  const bool more = rows.size() > limit;
  if (more) {
    rows.pop_back();
  }
  auto response = http::json(json_array(rows));
  if (more) {
    add_next_link(response, request, "cursor", rows.back().id.value);
  }
  return response;
}

}  // namespace

Task<http::Response> EventHandlers::list(const http::Request& request) {
  QueryReader reader(request);
  storage::EventQuery query;
  query.after = domain::EventId{reader.number("cursor", 0).value_or(0)};
  const auto link = reader.number("url_id", 0);
  const auto user = reader.number("user_id", 0);
  query.type = reader.text("event_type");
  const std::uint32_t limit = reader.per_page(kDefaultPerPage);
  if (const auto fault = reader.fault()) {
    co_return http::problem(*fault);
  }
  if (link) {
    query.link = domain::LinkId{*link};
  }
  if (user) {
    query.user = domain::UserId{*user};
  }
  query.limit = limit + 1;
  auto events = co_await events_.list(std::move(query));
  if (!events) {
    co_return http::problem(events.error());
  }
  co_return page_of(std::move(*events), limit, request);
}

Task<http::Response> EventHandlers::create(const http::Request& request) {
  const auto body = read_body(request);
  if (!body) {
    co_return http::problem(body.error());
  }
  auto draft = read_draft(*body);
  if (!draft) {
    co_return http::problem(draft.error());
  }
  auto event = co_await events_.create(std::move(*draft), caller_of(request));
  if (!event) {
    co_return http::problem(event.error());
  }
  auto response = http::json(domain::json_of(*event), 201);
  response.add("Location", "/events/" + std::to_string(event->id.value));
  co_return response;
}

Task<http::Response> EventHandlers::get(http::PathParameters path) {
  const auto id = path_id<domain::EventId>(path[0]);
  if (!id) {
    co_return http::problem(404, kUnknown);
  }
  auto event = co_await events_.get(*id);
  if (!event) {
    co_return http::problem(event.error());
  }
  co_return http::json(domain::json_of(*event));
}

Task<http::Response> EventHandlers::change(const http::Request& request,
                                           http::PathParameters path) {
  const auto id = path_id<domain::EventId>(path[0]);
  if (!id) {
    co_return http::problem(404, kUnknown);
  }
  auto known = co_await events_.get(*id);
  if (!known) {
    co_return http::problem(known.error());
  }
  const auto body = read_body(request);
  if (!body) {
    co_return http::problem(body.error());
  }
  auto change = read_change(*body);
  if (!change) {
    co_return http::problem(change.error());
  }
  auto event = co_await events_.change(known->id, std::move(*change), caller_of(request));
  if (!event) {
    co_return http::problem(event.error());
  }
  co_return http::json(domain::json_of(*event));
}

Task<http::Response> EventHandlers::audit(const http::Request& request) {
  QueryReader reader(request);
  storage::AuditQuery query;
  query.after = domain::AuditId{reader.number("cursor", 0).value_or(0)};
  const std::uint32_t limit = reader.per_page(kDefaultPerPage);
  if (const auto fault = reader.fault()) {
    co_return http::problem(*fault);
  }
  query.limit = limit + 1;
  auto entries = co_await events_.audit(query);
  if (!entries) {
    co_return http::problem(entries.error());
  }
  co_return page_of(std::move(*entries), limit, request);
}

}  // namespace ginnel::api
