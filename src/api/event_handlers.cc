// SPDX-License-Identifier: MIT
#include "api/event_handlers.h"

#include <utility>

#include "api/body_fault.h"
#include "api/body_reader.h"
#include "api/idempotency_key.h"
#include "api/row_answers.h"
#include "base/text.h"
#include "domain/kept_object.h"
#include "domain/visible_text.h"
#include "http/problem.h"
#include "storage/event_store.h"

namespace ginnel::api {
namespace {

constexpr std::uint32_t kEventsPerPage = 100;

/// The body's object; `{}` and everything falsy is `Request body must be JSON` (pinned).
Result<JsonBody> read_body(const http::Request& request) {
  auto parsed = JsonBody::parse(request);
  if (auto* body = std::get_if<JsonBody>(&parsed); body != nullptr && !body->empty()) {
    return std::move(*body);
  }
  const bool other = std::holds_alternative<JsonBody::Fault>(parsed) &&
                     std::get<JsonBody::Fault>(parsed) == JsonBody::Fault::kNoObject;
  return http::unreadable_body(
      other ? "Request body must be a JSON object" : "Request body must be JSON",
      body_fault(request));
}

/// Reads an event's fields and collects what is wrong with them, in the order in which they are
/// read.
class EventReader final {
 public:
  /// Of a new event, where what one cannot be without must be there, or of a change of `known`.
  explicit EventReader(const JsonBody& body, const domain::Event* known = nullptr)
      : body_(body), known_(known) {}

  std::optional<std::int64_t> id(std::string_view name) {
    const JsonField field = body_.field(name);
    if (is_left_out(field)) {
      return std::nullopt;
    }
    if (auto fault = id_fault(field, name)) {
      faults_.push_back(std::move(*fault));
    }
    return field.integer;
  }

  std::optional<std::string> type() {
    const JsonField field = body_.field("event_type");
    if (is_left_out(field)) {
      return std::nullopt;
    }
    const std::string_view type = trimmed(field.text);
    if (field.kind != JsonField::Kind::kString || type.empty()) {
      refuse("event_type", "event_type must be a non-empty string");
    } else if (domain::has_control_sign(type) && (known_ == nullptr || type != known_->type)) {
      refuse("event_type", "event_type must not contain control characters");
    } else if (utf8_length(type).value_or(0) > domain::kMaxEventTypeLength) {
      refuse("event_type", "event_type must not exceed 50 characters");
    }
    return std::string(type);
  }

  /// The details as the text that was sent. They may always be left out.
  std::optional<std::string> details() {
    const JsonField field = body_.field("details");
    if (field.kind == JsonField::Kind::kAbsent) {
      return std::nullopt;
    }
    if (field.kind != JsonField::Kind::kObject && field.kind != JsonField::Kind::kBadText) {
      refuse("details", "details must be a JSON object");
    } else if (auto fault = domain::kept_object_fault(field.raw, domain::kEventDetails)) {
      refuse("details", std::move(*fault));
    }
    return std::string(field.raw);
  }

  /// What is wrong, or nothing. Events say the first fault alone where users and links name every
  /// field (pinned); a problem document names them all here too.
  std::optional<Error> fault() const {
    if (faults_.empty()) {
      return std::nullopt;
    }
    Error error(ErrorKind::kInvalid, faults_.front().message);
    error.faults = faults_;
    return error;
  }

 private:
  bool is_left_out(const JsonField& field) const noexcept {
    return field.kind == JsonField::Kind::kAbsent && known_ != nullptr;
  }

  void refuse(std::string field, std::string message) {
    faults_.push_back({std::move(field), std::move(message)});
  }

  const JsonBody& body_;
  const domain::Event* known_;
  std::vector<FieldFault> faults_;
};

Result<domain::EventDraft> read_event_draft(const http::Request& request) {
  auto body = read_body(request);
  if (!body) {
    return std::move(body).error();
  }
  EventReader reader(*body);
  const auto link = reader.id("url_id");
  const auto user = reader.id("user_id");
  auto type = reader.type();
  auto details = reader.details();
  if (auto fault = reader.fault()) {
    return std::move(*fault);
  }
  return domain::EventDraft{domain::LinkId{*link},
                            domain::UserId{*user},
                            std::move(*type),
                            std::move(details).value_or("{}")};
}

Result<domain::EventChange> read_event_change(const http::Request& request,
                                              const domain::Event& known) {
  auto body = read_body(request);
  if (!body) {
    return std::move(body).error();
  }
  EventReader reader(*body, &known);
  domain::EventChange change;
  change.type = reader.type();
  change.details = reader.details();
  if (const auto link = reader.id("url_id")) {
    change.link = domain::LinkId{*link};
  }
  if (const auto user = reader.id("user_id")) {
    change.user = domain::UserId{*user};
  }
  if (auto fault = reader.fault()) {
    return std::move(*fault);
  }
  return change;
}

}  // namespace

Task<http::Response> EventHandlers::list(const http::Request& request) {
  QueryReader reader(request);
  storage::EventQuery query;
  query.after = domain::EventId{reader.number("cursor", 0).value_or(0)};
  const auto link = reader.number("url_id", 0);
  const auto user = reader.number("user_id", 0);
  query.type = reader.text("event_type");
  query.limit = reader.per_page(kEventsPerPage);
  if (const auto fault = reader.fault()) {
    co_return http::problem(*fault);
  }
  if (link) {
    query.link = domain::LinkId{*link};
  }
  if (user) {
    query.user = domain::UserId{*user};
  }
  query.max_bytes = kMaxPageBytes;
  auto events = co_await events_.list(std::move(query), call_of(request));
  co_return page(std::move(events), request);
}

Task<http::Response> EventHandlers::create(const http::Request& request) {
  auto draft = read_event_draft(request);
  if (!draft) {
    co_return http::problem(draft.error());
  }
  auto caller = creator_of(request);
  if (!caller) {
    co_return http::problem(caller.error());
  }
  const auto event = co_await events_.create(std::move(*draft), std::move(*caller));
  if (!event) {
    co_return http::problem(event.error());
  }
  co_return created(*event, request);
}

Task<http::Response> EventHandlers::get(const http::Request& request, http::PathParameters path) {
  const auto event = co_await events_.get(id_of<domain::EventId>(path), call_of(request));
  co_return answer(event, request);
}

Task<http::Response> EventHandlers::change(const http::Request& request,
                                           http::PathParameters path) {
  const auto known = co_await events_.get(id_of<domain::EventId>(path), call_of(request));
  if (!known) {
    co_return http::problem(known.error());
  }
  auto change = read_event_change(request, *known);
  if (!change) {
    co_return http::problem(change.error());
  }
  auto caller = conditional_caller_of(request);
  if (!caller) {
    co_return http::problem(caller.error());
  }
  co_return answer(co_await events_.change(known->id, std::move(*change), std::move(*caller)));
}

Task<http::Response> EventHandlers::audit(const http::Request& request) {
  QueryReader reader(request);
  storage::AuditQuery query;
  query.after = domain::AuditId{reader.number("cursor", 0).value_or(0)};
  query.limit = reader.per_page(kEventsPerPage);
  if (const auto fault = reader.fault()) {
    co_return http::problem(*fault);
  }
  query.max_bytes = kMaxPageBytes;
  auto entries = co_await events_.audit(query, call_of(request));
  co_return page(std::move(entries), request);
}

}  // namespace ginnel::api
