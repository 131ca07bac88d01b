// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "domain/ids.h"
#include "domain/timestamp.h"

namespace ginnel::domain {

inline constexpr std::size_t kMaxEventTypeLength = 50;  ///< characters (code points)

/// Who wrote an event.
enum class EventOrigin {
  kService = 0,  ///< with the change it tells of
  kClient = 1,   ///< by POST /events
  kImport = 2,   ///< from a CSV file
  kClick = 3,    ///< nobody: it is a click, shown as an event
};

/// The type under which a click is shown as an event.
inline constexpr std::string_view kClickEventType = "redirect";

/// Something that happened to a link. `created`, `updated` and `deleted` are written with the
/// change; clients may post any type. A click is shown as an event too: of kClickEventType, with
/// details `{"short_code":"CODE"}`.
struct Event {
  EventId id;
  std::optional<LinkId> link;  ///< empty once the link is gone
  std::optional<UserId> user;  ///< empty once the user is gone
  std::string type;
  Timestamp at;
  std::string details;  ///< a JSON object, as the text that was sent
  EventOrigin origin = EventOrigin::kService;

  /// Of its texts together: what a page of rows is bounded by.
  std::size_t text_bytes() const noexcept { return type.size() + details.size(); }

  friend bool operator==(const Event&, const Event&) = default;
};

struct EventDraft {
  LinkId link;
  UserId user;
  std::string type;
  std::string details;
};

/// The event that a client's draft makes at this time; it has no number yet.
inline Event event_of(const EventDraft& draft, Timestamp at) {
  Event event;
  event.link = draft.link;
  event.user = draft.user;
  event.type = draft.type;
  event.at = at;
  event.details = draft.details;
  event.origin = EventOrigin::kClient;
  return event;
}

/// What to change of an event; what is empty stays. The timestamp never changes.
struct EventChange {
  std::optional<LinkId> link;
  std::optional<UserId> user;
  std::optional<std::string> type;
  std::optional<std::string> details;
};

/// A row of the append-only trail: one for every change of a user, link or event, written in the
/// transaction of the change.
struct AuditEntry {
  AuditId id;
  Timestamp at;
  std::string who;  ///< the key's name, or `anonymous`, or `import`
  std::string request_id;
  std::string action;          ///< create, update, delete, import
  std::string entity;          ///< user, link, event
  std::int64_t entity_id = 0;  ///< 0 for an import
  std::string before;          ///< JSON, or empty
  std::string after;           ///< JSON, or empty

  /// Of its texts together: what a page of rows is bounded by.
  std::size_t text_bytes() const noexcept {
    return who.size() + request_id.size() + action.size() + entity.size() + before.size() +
           after.size();
  }
};

}  // namespace ginnel::domain
