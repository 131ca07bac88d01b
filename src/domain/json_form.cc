// SPDX-License-Identifier: MIT
#include "domain/json_form.h"

#include <cstdint>
#include <optional>

#include "base/json_text.h"

namespace ginnel::domain {
namespace {

template <class Id>
std::optional<std::int64_t> number_of(const std::optional<Id>& id) {
  return id ? std::optional<std::int64_t>(id->value) : std::nullopt;
}

std::string_view or_null(std::string_view json) {
  return json.empty() ? "null" : json;
}

/// What is no metadata is left out.
void append_user(std::string& out, const User& user, std::string_view metadata) {
  JsonObject object(out);
  object.add("created_at", to_text(user.created_at))
      .add("email", user.email)
      .add("id", user.id.value);
  if (metadata != kNoMetadata) {
    object.add_raw("metadata", metadata);
  }
  object.add("username", user.username);
  object.end();
}

}  // namespace

void append_json(std::string& out, const User& user) {
  append_user(out, user, kNoMetadata);
}

void append_json(std::string& out, const UserRecord& record) {
  append_user(out, record.user, record.metadata);
}

void append_json(std::string& out, const UserProfile& profile) {
  const User& user = profile.record.user;
  JsonObject object(out);
  object.add("clicks", profile.clicks)
      .add("created_at", to_text(user.created_at))
      .add("email", user.email)
      .add("id", user.id.value);
  if (profile.last_activity) {
    object.add("last_activity_at", to_text(*profile.last_activity));
  } else {
    object.add_raw("last_activity_at", "null");
  }
  object.add("links", profile.links)
      .add_raw("metadata", profile.record.metadata)
      .add("username", user.username);
  object.end();
}

void append_json(std::string& out, const Link& link) {
  JsonObject object(out);
  object.add("created_at", to_text(link.created_at))
      .add("id", link.id.value)
      .add("is_active", link.enabled)
      .add("original_url", link.target)
      .add("short_code", link.code)
      .add("title", link.title)
      .add("updated_at", to_text(link.updated_at))
      .add("user_id", link.user.value);
  object.end();
}

void append_json(std::string& out, const Event& event) {
  JsonObject object(out);
  object.add_raw("details", event.details)
      .add("event_type", event.type)
      .add("id", event.id.value)
      .add("timestamp", to_text(event.at))
      .add("url_id", number_of(event.link))
      .add("user_id", number_of(event.user));
  object.end();
}

void append_json(std::string& out, const AuditEntry& entry) {
  JsonObject object(out);
  object.add("action", entry.action)
      .add_raw("after", or_null(entry.after))
      .add("at", to_text(entry.at))
      .add_raw("before", or_null(entry.before))
      .add("entity", entry.entity)
      .add("entity_id", entry.entity_id)
      .add("id", entry.id.value)
      .add("request_id", entry.request_id)
      .add("who", entry.who);
  object.end();
}

}  // namespace ginnel::domain
