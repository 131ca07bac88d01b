// SPDX-License-Identifier: MIT
#include "change/events.h"

#include <utility>

#include "change/trail.h"

namespace ginnel::change {
namespace {

domain::Event changed(domain::Event event, const domain::EventChange& wanted) {
  event.link = wanted.link ? wanted.link : event.link;
  event.user = wanted.user ? wanted.user : event.user;
  event.type = wanted.type.value_or(event.type);
  event.details = wanted.details.value_or(event.details);
  return event;
}

}  // namespace

Change create(const domain::Event& event, const Context& by) {
  const std::int64_t id = event.id.value;
  Change change;
  change.row = EventRow{event, event};
  change.entry = entry_of(by, "create", "event", id, {}, json_of(event));
  change.key = kept_key_of(by, id);
  return change;
}

Result<std::optional<Change>> update(const EventRow& before,
                                     const domain::EventChange& wanted,
                                     const Context& by) {
  if (auto as_wanted = check_condition(by, before.shown); !as_wanted) {
    return std::move(as_wanted).error();
  }
  domain::Event after = changed(before.shown, wanted);
  if (after == before.shown) {
    return std::optional<Change>();
  }
  std::optional<Change> change(std::in_place);
  change->act = Act::kUpdate;
  change->entry =
      entry_of(by, "update", "event", after.id.value, json_of(before.shown), json_of(after));
  change->row = EventRow{changed(before.event, wanted), std::move(after)};
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

Error event_not_found(bool is_click) {
  return is_click ? Error(ErrorKind::kConflict, "Redirect events cannot be changed")
                  : Error(ErrorKind::kNotFound, "Event not found");
}

}  // namespace ginnel::change
