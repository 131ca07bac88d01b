// SPDX-License-Identifier: MIT
#include "api/link_handlers.h"

#include <utility>

#include "api/body_reader.h"
#include "api/idempotency_key.h"
#include "api/named_link.h"
#include "api/row_answers.h"
#include "base/text.h"
#include "http/problem.h"
#include "storage/link_store.h"

namespace ginnel::api {
namespace {

constexpr std::uint32_t kLinksPerPage = 100;

/// The parameter `order`.
bool read_newest_first(QueryReader& reader) {
  const std::string order = reader.text("order").value_or("oldest");
  if (order != "oldest" && order != "newest") {
    reader.refuse("order", "must be oldest or newest");
  }
  return order == "newest";
}

std::optional<std::string> read_title(BodyReader& reader) {
  auto title = reader.text("title", "title", "title must be a string");
  if (!title) {
    return title;
  }
  if (title->find('\0') != std::string::npos) {
    reader.add(FieldFault{"title", "title must not contain U+0000"});
  }
  if (utf8_length(*title).value_or(0) > domain::kMaxTitleLength) {
    reader.add(FieldFault{"title", "title must not exceed 500 characters"});
  }
  return title;
}

constexpr std::string_view kTargetType = "original_url must be a non-empty string";

std::optional<std::string> read_target_text(BodyReader& reader) {
  return reader.text("original_url", "original_url", kTargetType);
}

/// The target that `text` is, if anything was sent; its faults go to `reader`.
std::optional<domain::TargetUrl> read_target(const std::optional<std::string>& text,
                                             BodyReader& reader,
                                             const service::LinkService& links) {
  if (!text) {
    return std::nullopt;
  }
  if (trimmed(*text).empty()) {
    reader.add(FieldFault{"original_url", std::string(kTargetType)});
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

Result<domain::LinkDraft> read_new_link(const http::Request& request,
                                        const service::LinkService& links) {
  auto body = read_object(request);
  if (!body) {
    return std::move(body).error();
  }
  BodyReader reader(*body, true);
  domain::LinkDraft draft;
  draft.user.value = reader.id("user_id").value_or(0);
  if (const auto target = read_target(read_target_text(reader), reader, links)) {
    draft.target = target->text();
  }
  draft.title = read_title(reader).value_or("");
  if (const auto code = read_code(*body, reader)) {
    draft.code = code->text();
    draft.chosen = true;
  }
  if (auto fault = reader.fault()) {
    return std::move(*fault);
  }
  return draft;
}

Result<domain::LinkChange> read_link_change(const http::Request& request,
                                            const service::LinkService& links,
                                            const domain::Link& known) {
  auto body = read_object(request);
  if (!body) {
    return std::move(body).error();
  }
  BodyReader reader(*body, false);
  domain::LinkChange change;
  change.title = read_title(reader);
  change.enabled = reader.boolean("is_active");
  change.target = read_target_text(reader);
  if (change.target != known.target) {  // the own one stays: the rules may have been others
    const auto target = read_target(change.target, reader, links);
    change.target = target ? std::optional(target->text()) : std::nullopt;
  }
  if (auto fault = reader.fault()) {
    return std::move(*fault);
  }
  return change;
}

/// An unknown owner is pinned to 400 with this one message: it is the field that is wrong.
http::Response problem_of_new_link(const Error& error) {
  if (error.kind == ErrorKind::kNotFound) {
    return http::problem(Error::about_field(ErrorKind::kInvalid, "user_id", error.message));
  }
  return http::problem(error);
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
  query.newest_first = read_newest_first(reader);
  query.limit = reader.per_page(kLinksPerPage);
  if (const auto fault = reader.fault()) {
    co_return http::problem(*fault);
  }
  query.after = domain::LinkId{cursor.value_or(page_num.value_or(0))};
  if (user) {
    query.user = domain::UserId{*user};
  }
  query.code = reader.text("short_code");
  query.max_bytes = kMaxPageBytes;
  auto links = co_await links_.list(std::move(query), call_of(request));
  co_return page(std::move(links), request, cursor ? "cursor" : "page_num");
}

Task<http::Response> LinkHandlers::create(const http::Request& request) {
  auto draft = read_new_link(request, links_);
  if (!draft) {
    co_return problem_of_new(draft.error());
  }
  auto caller = creator_of(request);
  if (!caller) {
    co_return http::problem(caller.error());
  }
  const auto link = co_await links_.create(std::move(*draft), std::move(*caller));
  if (!link) {
    co_return problem_of_new_link(link.error());
  }
  auto response = created(*link, request);
  response.add("X-Short-URL", links_.short_url(link->code));
  co_return response;
}

Task<http::Response> LinkHandlers::get(const http::Request& request, http::PathParameters path) {
  const auto link = co_await named_link(links_, request, path);
  auto response = answer(link, request);
  if (link) {
    response.add("X-Short-URL", links_.short_url(link->code));
  }
  co_return response;
}

Task<http::Response> LinkHandlers::change(const http::Request& request, http::PathParameters path) {
  const auto known = co_await links_.get(id_of<domain::LinkId>(path), call_of(request));
  if (!known) {
    co_return http::problem(known.error());
  }
  auto change = read_link_change(request, links_, *known);
  if (!change) {
    co_return http::problem(change.error());
  }
  auto caller = conditional_caller_of(request);
  if (!caller) {
    co_return http::problem(caller.error());
  }
  co_return answer(co_await links_.change(*known, std::move(*change), std::move(*caller)));
}

Task<http::Response> LinkHandlers::remove(const http::Request& request, http::PathParameters path) {
  auto caller = conditional_caller_of(request);
  if (!caller) {
    co_return http::problem(caller.error());
  }
  co_return answer(co_await links_.remove(id_of<domain::LinkId>(path), std::move(*caller)));
}

}  // namespace ginnel::api
