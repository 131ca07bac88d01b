// SPDX-License-Identifier: MIT
#include "change/links.h"

#include <utility>

#include "base/json_text.h"
#include "change/trail.h"

namespace ginnel::change {
namespace {

/// Fails when there is no link, or another than the one that is to be changed.
Result<Done> check(const std::optional<LinkRow>& row, const Context& by) {
  return row ? check_condition(by, row->link) : Error(ErrorKind::kNotFound, "URL not found");
}

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

LinkRow changed(LinkRow row, const domain::LinkChange& wanted, domain::Timestamp at) {
  domain::Link& link = row.link;
  link.target = wanted.target.value_or(link.target);
  link.title = wanted.title.value_or(link.title);
  link.enabled = wanted.enabled.value_or(link.enabled);
  link.updated_at = at;
  ++link.version;
  return row;
}

}  // namespace

Result<Change> create(const domain::LinkDraft& draft,
                      domain::LinkId id,
                      const std::optional<KeptKey>& kept,
                      const Context& by) {
  auto repeated = is_repeated(kept, by);
  if (!repeated) {
    return std::move(repeated).error();
  }
  domain::Link link = domain::link_of(draft, by.at);
  link.id = id;
  Change change;
  if (*repeated) {
    link.id.value = kept->id;
    link.code = kept->code;
    link.created_at = kept->at;
    link.updated_at = kept->at;
  } else {
    change.act = Act::kCreate;
    change.events.push_back(event_of(link, by, "created", code_and_target(link)));
    change.entry = entry_of(by, "create", "link", link.id.value, {}, json_of(link));
    change.key = kept_key_of(by, link.id.value, link.code);
    change.forgotten.push_back(link.code);
  }
  change.row = LinkRow{std::move(link), draft.chosen};
  return change;
}

Result<Change> update(const std::optional<LinkRow>& before,
                      const domain::LinkChange& wanted,
                      const Context& by) {
  if (auto as_wanted = check(before, by); !as_wanted) {
    return std::move(as_wanted).error();
  }
  LinkRow row = changed(*before, wanted, by.at);
  const domain::Link& after = row.link;
  Change change;
  change.act = Act::kUpdate;
  change.events.push_back(event_of(after, by, "updated", sent_fields(before->link, wanted)));
  change.entry =
      entry_of(by, "update", "link", after.id.value, json_of(before->link), json_of(after));
  change.forgotten.push_back(after.code);
  change.row = std::move(row);
  return change;
}

Result<Change> remove(const std::optional<LinkRow>& row, const Context& by) {
  if (auto as_wanted = check(row, by); !as_wanted) {
    return std::move(as_wanted).error();
  }
  return remove_with_owner(row->link, by);
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

Result<Done> check(const domain::Link& link, const LinkObstacles& found) {
  if (!found.owner_is_there) {
    return Error(ErrorKind::kNotFound, "User " + std::to_string(link.user.value) + " not found");
  }
  if (!found.twin && !found.code_is_taken) {
    return Done();
  }
  std::string why = "This short code is taken";
  if (found.twin) {
    why += ": " + *found.twin + " differs from it by case alone";
  }
  return Error::about_field(ErrorKind::kConflict, "short_code", std::move(why));
}

}  // namespace ginnel::change
