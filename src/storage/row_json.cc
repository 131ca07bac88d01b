// SPDX-License-Identifier: MIT
#include "storage/row_json.h"

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/json_text.h"

namespace ginnel::storage {

namespace {

template <class Tag>
std::optional<std::int64_t> number_or_null(const std::optional<domain::Id<Tag>>& id) {
  return id ? std::optional(id->value) : std::nullopt;
}

std::string_view json_or_null(const std::string& json) {
  return json.empty() ? std::string_view("null") : json;
}

}  // namespace

void append_json(std::string& out, const domain::User& user) {
  JsonObject object(out);
  object.add("created_at", domain::to_text(user.created_at))
      .add("email", user.email)
      .add("id", user.id.value)
      .add("username", user.username);
  object.end();
}

void append_json(std::string& out, const domain::Link& link) {
  JsonObject object(out);
  object.add("created_at", domain::to_text(link.created_at))
      .add("id", link.id.value)
      .add("is_active", link.enabled)
      .add("original_url", link.target)
      .add("short_code", link.code)
      .add("title", link.title)
      .add("updated_at", domain::to_text(link.updated_at))
      .add("user_id", link.user.value);
  object.end();
}

void append_json(std::string& out, const domain::Event& event) {
  JsonObject object(out);
  object.add_raw("details", event.details)
      .add("event_type", event.type)
      .add("id", event.id.value)
      .add("timestamp", domain::to_text(event.at))
      .add("url_id", number_or_null(event.link))
      .add("user_id", number_or_null(event.user));
  object.end();
}

void append_json(std::string& out, const domain::AuditEntry& entry) {
  JsonObject object(out);
  object.add("action", entry.action)
      .add_raw("after", json_or_null(entry.after))
      .add("at", domain::to_text(entry.at))
      .add_raw("before", json_or_null(entry.before))
      .add("entity", entry.entity)
      .add("entity_id", entry.entity_id)
      .add("id", entry.id.value)
      .add("request_id", entry.request_id)
      .add("who", entry.who);
  object.end();
}

}  // namespace ginnel::storage
