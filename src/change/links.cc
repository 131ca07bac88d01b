// SPDX-License-Identifier: MIT
#include "change/links.h"

#include <utility>

#include "base/json_text.h"
#include "change/trail.h"

namespace ginnel::change {
namespace {

/// An event that the service writes with a change of `link`.
domain::Event event_of(const domain::Link& link,
                       const Context& by,
                       std::string type,
                       std::string details) {
  domain::Event event;
  event.link = link.id;
  event.user = link.user;
  event.type = std::move(type);
  event.at = by.at;
  event.details = std::move(details);
  return event;
}

/// The details of a `created` and of a `deleted` event.
std::string code_and_target(const domain::Link& link) {
  std::string details;
  JsonObject object(details);
  object.add("original_url", link.target).add("short_code", link.code);
  object.end();
  return details;
}

/// The details of an `updated` event: what was sent, as it is now.
std::string sent_fields(const domain::Link& before, const domain::LinkChange& wanted) {
  std::string details;
  JsonObject object(details);
  if (wanted.enabled) {
    object.add("is_active", *wanted.enabled);
  }
  if (wanted.target) {
    std::string both;
    JsonObject targets(both);
    targets.add("after", *wanted.target).add("before", before.target);
    targets.end();
    object.add_raw("original_url", both);
  }
  if (wanted.title) {
    object.add("title", *wanted.title);
  }
  object.end();
  return details;
}

domain::Link changed(domain::Link link, const domain::LinkChange& wanted, domain::Timestamp at) {
  link.target = wanted.target.value_or(link.target);
  link.title = wanted.title.value_or(link.title);
  link.enabled = wanted.enabled.value_or(link.enabled);
  link.updated_at = at;
  ++link.version;
  return link;
}

}  // namespace

Change create(const domain::Link& link, bool chosen, const Context& by) {
  Change change;
  change.row = LinkRow{link, chosen};
  change.events.push_back(event_of(link, by, "created", code_and_target(link)));
  change.entry = entry_of(by, "create", "link", link.id.value, {}, json_of(link));
  change.key = kept_key_of(by, link.id.value, link.code);
  change.forgotten.push_back(link.code);
  return change;
}

Result<Change> update(const domain::Link& before,
                      const domain::LinkChange& wanted,
                      const Context& by) {
  if (auto as_wanted = check_condition(by, before); !as_wanted) {
    return std::move(as_wanted).error();
  }
  domain::Link after = changed(before, wanted, by.at);
  Change change;
  change.act = Act::kUpdate;
  change.events.push_back(event_of(after, by, "updated", sent_fields(before, wanted)));
  change.entry = entry_of(by, "update", "link", after.id.value, json_of(before), json_of(after));
  change.forgotten.push_back(after.code);
  change.row = LinkRow{std::move(after)};
  return change;
}

Result<Change> remove(const domain::Link& link, const Context& by) {
  if (auto as_wanted = check_condition(by, link); !as_wanted) {
    return std::move(as_wanted).error();
  }
  return remove_with_owner(link, by);
}

Change remove_with_owner(const domain::Link& link, const Context& by) {
  Change change;
  change.act = Act::kDelete;
  change.row = LinkRow{link};
  change.events.push_back(event_of(link, by, "deleted", code_and_target(link)));
  change.entry = entry_of(by, "delete", "link", link.id.value, json_of(link), {});
  change.retired.push_back(link.code);
  change.forgotten.push_back(link.code);
  return change;
}

Error link_not_found() {
  return Error(ErrorKind::kNotFound, "URL not found");
}

Error owner_not_found(domain::UserId owner) {
  return Error(ErrorKind::kNotFound, "User " + std::to_string(owner.value) + " not found");
}

Error code_is_taken() {
  return Error::about_field(ErrorKind::kConflict, "short_code", "This short code is taken");
}

Error code_is_taken_as(const std::string& other) {
  return Error::about_field(
      ErrorKind::kConflict,
      "short_code",
      "This short code is taken: " + other + " differs from it by case alone");
}

}  // namespace ginnel::change
