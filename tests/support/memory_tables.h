// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/json_text.h"
#include "base/text.h"
#include "change/events.h"
#include "change/forgotten.h"
#include "change/links.h"
#include "change/users.h"
#include "domain/click.h"
#include "domain/event.h"
#include "domain/link.h"
#include "domain/typed_code.h"
#include "domain/user.h"
#include "storage/click_store.h"
#include "storage/page.h"
#include "storage/position.h"

namespace ginnel::support {

/// The rows of MemoryStores. Knows no lock, and no rule but what a database has constraints for.
struct MemoryTables {
  std::map<domain::UserId, domain::UserRecord> users;
  std::map<std::string, domain::UserId> names;  ///< by the key that each has
  std::map<domain::LinkId, domain::Link> links;
  std::set<domain::LinkId> chosen_links;            ///< whose codes people chose
  std::map<domain::EventId, domain::Event> events;  ///< keep the numbers of what is gone
  std::map<domain::EventId, domain::Click> clicks;
  std::map<std::string, storage::SegmentCursor> cursors;
  std::map<std::chrono::sys_days, storage::VisitorSalt> salts;
  std::vector<domain::AuditEntry> trail;
  std::set<std::string> retired_codes;
  std::map<std::pair<std::string, std::string>, change::KeptKey> keys;  ///< by who and key
  std::int64_t last_user = 0;
  std::int64_t last_link = 0;
  std::int64_t last_event = 0;
  storage::Position position;   ///< grows with each change of links
  change::Forgotten forgotten;  ///< by what is written now

  /// The row, or null.
  template <class Id, class Row>
  static Row* find(std::map<Id, Row>& rows, const Id& id) {
    const auto found = rows.find(id);
    return found == rows.end() ? nullptr : &found->second;
  }

  /// The rows that `matches` takes, in order.
  template <class Id, class Row, class Matches>
  static std::vector<Row> all(const std::map<Id, Row>& rows, Matches matches) {
    std::vector<Row> found;
    for (const auto& [id, row] : rows) {
      if (matches(row)) {
        found.push_back(row);
      }
    }
    return found;
  }

  /// Those of them with ids above `query.after`, as many as the query wants.
  template <class Id, class Row, class Query, class Matches>
  static storage::Page<Row> page(const std::map<Id, Row>& rows,
                                 const Query& query,
                                 Matches matches) {
    storage::PageBuilder<Row> page(query);
    for (auto at = rows.upper_bound(query.after); at != rows.end(); ++at) {
      if (matches(at->second) && !page.add(at->second)) {
        break;
      }
    }
    return std::move(page).take();
  }

  /// The same downwards: the rows with ids below `query.after`, all when it is 0.
  template <class Id, class Row, class Query, class Matches>
  static storage::Page<Row> page_down(const std::map<Id, Row>& rows,
                                      const Query& query,
                                      Matches matches) {
    storage::PageBuilder<Row> page(query);
    auto at = query.after.value == 0 ? rows.end() : rows.lower_bound(query.after);
    while (at != rows.begin()) {
      --at;
      if (matches(at->second) && !page.add(at->second)) {
        break;
      }
    }
    return std::move(page).take();
  }

  /// Who has this name: by the key of its very spelling where somebody keeps one of an older time,
  /// else by today's.
  std::optional<domain::UserId> find_name(std::string_view name) const {
    for (const std::string& key : {domain::old_username_key(name), domain::username_key(name)}) {
      if (const auto found = names.find(key); found != names.end()) {
        return found->second;
      }
    }
    return std::nullopt;
  }

  std::optional<domain::UserId> find_email(std::string_view email) const {
    const auto found = std::ranges::find_if(users, [&](const auto& entry) {
      return domain::email_key(entry.second.user.email) == domain::email_key(email);
    });
    return found == users.end() ? std::nullopt : std::optional(found->first);
  }

  domain::Link* find_code(std::string_view code) {
    const auto found =
        std::ranges::find_if(links, [&](const auto& entry) { return entry.second.code == code; });
    return found == links.end() ? nullptr : &found->second;
  }

  /// The other link with a chosen code that differs by case alone, or null.
  domain::Link* find_chosen_twin(std::string_view code) {
    const auto found = std::ranges::find_if(links, [&](const auto& entry) {
      return chosen_links.contains(entry.first) && entry.second.code != code &&
             domain::same_in_any_case(entry.second.code, code);
    });
    return found == links.end() ? nullptr : &found->second;
  }

  /// What storage::RedirectSource finds, or null.
  domain::Link* find_typed(std::string_view code) {
    std::vector<std::string_view> texts = {code};
    for (const std::string_view shorter : domain::shorter_codes(code)) {
      if (!shorter.empty()) {
        texts.push_back(shorter);
      }
    }
    for (const std::string_view text : texts) {
      if (auto* const link = find_code(text)) {
        return link;
      }
    }
    for (const std::string_view text : texts) {
      auto* const link = find_chosen_twin(text);
      const auto is_alike = [&](const auto& entry) {
        return domain::same_in_any_case(entry.second.code, text);
      };
      if (link != nullptr && std::ranges::count_if(links, is_alike) == 1) {
        return link;
      }
    }
    return nullptr;
  }

  /// The event as it is shown: without the numbers of what is gone.
  domain::Event shown(domain::Event event) const {
    if (event.link && !links.contains(*event.link)) {
      event.link.reset();
    }
    if (event.user && !users.contains(*event.user)) {
      event.user.reset();
    }
    return event;
  }

  /// A click as an event.
  domain::Event shown(const domain::Click& click) const { return shown(event_of(click)); }

  /// The same with the numbers of what is gone.
  static domain::Event event_of(const domain::Click& click) {
    domain::Event event;
    event.id = click.id;
    event.link = click.link;
    event.user = click.user;
    event.type = domain::kClickEventType;
    event.at = click.at;
    JsonObject details(event.details);
    details.add("short_code", click.code);
    details.end();
    event.origin = domain::EventOrigin::kClick;
    return event;
  }

  /// change::earlier_creation of what is kept.
  Result<std::optional<change::KeptKey>> find_earlier(const change::Context& by) const {
    const auto kept = by.key ? keys.find({by.who, by.key->text}) : keys.end();
    return change::earlier_creation(kept == keys.end() ? std::nullopt : std::optional(kept->second),
                                    by);
  }

  /// Writes all of `change`. What a database has constraints for is asked before.
  void write(const change::Change& change) {
    std::visit([&](const auto& row) { write(change.act, row); }, change.row);
    for (domain::Event event : change.events) {
      event.id.value = ++last_event;
      events.emplace(event.id, event);
    }
    add_to_trail(change.entry);
    if (change.key) {
      keys[{change.key->who, change.key->key}] = *change.key;
    }
    retired_codes.insert(change.retired.begin(), change.retired.end());
    forget(change.forgotten);
  }

  /// To be said of codes that are changed by no whole Change.
  void forget(const std::vector<std::string>& codes) {
    for (const std::string& code : codes) {
      forgotten.add(code);
    }
  }

  void add_to_trail(domain::AuditEntry entry) {
    entry.id.value = static_cast<std::int64_t>(trail.size()) + 1;
    trail.push_back(std::move(entry));
  }

  void write(change::Act act, const change::UserRow& row) {
    const domain::User& user = row.record.user;
    put(users, act, user.id, row.record);
    last_user = std::max(last_user, user.id.value);
    if (act == change::Act::kDelete || row.has_new_name) {
      std::erase_if(names, [&](const auto& name) { return name.second == user.id; });
    }
    if (act != change::Act::kDelete && row.has_new_name) {
      names[domain::username_key(user.username)] = user.id;
    }
  }
  void write(change::Act act, const change::LinkRow& row) {
    put(links, act, row.link.id, row.link);
    last_link = std::max(last_link, row.link.id.value);
    if (row.chosen) {
      chosen_links.insert(row.link.id);
    } else if (act == change::Act::kDelete) {
      chosen_links.erase(row.link.id);
    }
  }
  void write(change::Act act, const change::EventRow& row) {
    put(events, act, row.event.id, row.event);
    last_event = std::max(last_event, row.event.id.value);
  }

  template <class Id, class Row>
  static void put(std::map<Id, Row>& rows, change::Act act, Id id, const Row& row) {
    if (act == change::Act::kDelete) {
      rows.erase(id);
    } else {
      rows.insert_or_assign(id, row);
    }
  }

  /// Fails with kConflict where another user has the name or the address.
  Result<Done> check_free(const change::UserRow& row) const {
    const domain::User& user = row.record.user;
    const auto is_of_another = [&](const auto& id) { return id && *id != user.id; };
    const auto named = names.find(domain::username_key(user.username));
    const bool name_taken =
        row.has_new_name && (is_of_another(find_name(user.username)) ||
                             (named != names.end() && named->second != user.id));
    return change::check_free(name_taken, is_of_another(find_email(user.email)));
  }

  /// Fails where an owner is not there or a code is taken.
  Result<Done> check_link(const domain::LinkDraft& draft) {
    if (!users.contains(draft.user)) {
      return change::owner_not_found(draft.user);
    }
    if (const auto* const twin = find_chosen_twin(draft.code)) {
      return change::code_is_taken_as(twin->code);
    }
    if (find_code(draft.code) != nullptr || (!draft.chosen && retired_codes.contains(draft.code))) {
      return change::code_is_taken();
    }
    return Done();
  }

  /// Fails where what an event is to name is not there.
  Result<Done> check_names(const std::optional<domain::LinkId>& link,
                           const std::optional<domain::UserId>& user) const {
    return change::check_names(!link || links.contains(*link), !user || users.contains(*user));
  }
};

}  // namespace ginnel::support
