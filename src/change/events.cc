// SPDX-License-Identifier: MIT
#include "change/events.h"

#include <utility>

#include "change/trail.h"

namespace ginnel::change {
namespace {

/// Fails when there is no event, or another than the one that is to be amended.
Result<Done> check(const std::optional<EventRow>& row, const Context& by) {
  if (!row) {
    return Error(ErrorKind::kNotFound, "Event not found");
  }
  if (row->event.origin == domain::EventOrigin::kClick) {
    return Error(ErrorKind::kConflict, "Redirect events cannot be changed");
  }
  return check_condition(by, row->shown);
}

domain::Event changed(domain::Event event, const domain::EventChange& wanted) {
  event.link = wanted.link ? wanted.link : event.link;
  event.user = wanted.user ? wanted.user : event.user;
  event.type = wanted.type.value_or(event.type);
  event.details = wanted.details.value_or(event.details);
  return event;
}

}  // namespace

Result<Change> create(const domain::EventDraft& draft,
                      domain::EventId id,
                      const std::optional<KeptKey>& kept,
                      const Context& by) {
  auto repeated = is_repeated(kept, by);
  if (!repeated) {
    return std::move(repeated).error();
  }
  domain::Event event = domain::event_of(draft, by.at);
  event.id = id;
  Change change;
  if (*repeated) {
    event.id.value = kept->id;
    event.at = kept->at;
  } else {
    change.act = Act::kCreate;
    change.entry = entry_of(by, "create", "event", id.value, {}, json_of(event));
    change.key = kept_key_of(by, id.value);
  }
  change.row = EventRow{event, event};
  return change;
}

Result<Change> update(const std::optional<EventRow>& before,
                      const domain::EventChange& wanted,
                      const Context& by) {
  if (auto as_wanted = check(before, by); !as_wanted) {
    return std::move(as_wanted).error();
  }
  EventRow after = {changed(before->event, wanted), changed(before->shown, wanted)};
  Change change;
  if (after.shown != before->shown) {
    change.act = Act::kUpdate;
    change.entry = entry_of(
        by, "update", "event", after.event.id.value, json_of(before->shown), json_of(after.shown));
  }
  change.row = std::move(after);
  return change;
}

Result<Done> check_names(bool link_is_there, bool user_is_there) {
  if (!link_is_there) {
    return Error::about_field(ErrorKind::kNotFound, "url_id", "URL not found");
  }
  if (!user_is_there) {
    return Error::about_field(ErrorKind::kNotFound, "user_id", "User not found");
  }
  return Done();
}

}  // namespace ginnel::change
