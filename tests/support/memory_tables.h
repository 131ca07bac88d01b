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
#include <vector>

#include "base/json_text.h"
#include "base/text.h"
#include "change/context.h"
#include "domain/click.h"
#include "domain/event.h"
#include "domain/json_form.h"
#include "domain/link.h"
#include "domain/typed_code.h"
#include "domain/user.h"
#include "storage/click_store.h"
#include "storage/page.h"

namespace ginnel::support {

/// The rows of MemoryStores, and the rules that its stores share. Knows no lock.
struct MemoryTables {
  struct KeptKey {
    std::string request;
    std::int64_t id = 0;
    domain::Timestamp at;
    std::string code;  ///< of a link
  };

  std::map<domain::UserId, domain::User> users;
  std::map<domain::UserId, std::string> metadata;  ///< of all users
  std::map<domain::LinkId, domain::Link> links;
  std::set<domain::LinkId> chosen_links;            ///< whose codes people chose
  std::map<domain::EventId, domain::Event> events;  ///< keep the numbers of what is gone
  std::map<domain::EventId, domain::Click> clicks;
  std::map<std::string, storage::SegmentCursor> cursors;
  std::map<std::chrono::sys_days, storage::VisitorSalt> salts;
  std::vector<domain::AuditEntry> trail;
  std::set<std::string> retired_codes;
  std::map<std::pair<std::string, std::string>, KeptKey> keys;  ///< by who has them and their text
  std::int64_t last_user = 0;
  std::int64_t last_link = 0;
  std::int64_t last_event = 0;

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

  /// Whether two names cannot stand beside one another.
  static bool same_name(std::string_view one, std::string_view other) {
    return domain::username_key(one) == domain::username_key(other);
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

  /// What storage::LinkStore::find_typed finds, or null.
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

  /// A user, who must be there, as the trail keeps one.
  domain::UserRecord record_of(domain::UserId id) const { return {users.at(id), metadata.at(id)}; }

  /// A click as an event.
  domain::Event shown(const domain::Click& click) const {
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
    return shown(std::move(event));
  }

  /// Adds a row of the trail about `entry`, of which the four first fields are set here.
  void audit(const change::Context& by, domain::AuditEntry entry) {
    entry.id.value = static_cast<std::int64_t>(trail.size()) + 1;
    entry.at = by.at;
    entry.who = by.who;
    entry.request_id = by.request_id;
    trail.push_back(std::move(entry));
  }

  template <class Row>
  void audit_create(const change::Context& by, const char* entity, const Row& row) {
    audit(by, {{}, {}, {}, {}, "create", entity, row.id.value, {}, domain::json_of(row)});
  }

  template <class Row>
  void audit_update(const change::Context& by,
                    const char* entity,
                    const Row& before,
                    const Row& after) {
    audit(by,
          {{},
           {},
           {},
           {},
           "update",
           entity,
           after.id.value,
           domain::json_of(before),
           domain::json_of(after)});
  }

  template <class Row>
  void audit_delete(const change::Context& by, const char* entity, const Row& row) {
    audit(by, {{}, {}, {}, {}, "delete", entity, row.id.value, domain::json_of(row), {}});
  }

  /// What was made under the key of `by` in the last day, or null.
  Result<const KeptKey*> find_earlier(const change::Context& by) const {
    const auto kept = by.key ? keys.find({by.who, by.key->text}) : keys.end();
    if (kept == keys.end() || kept->second.at <= by.at - change::kIdempotencyKeyLifetime) {
      return nullptr;
    }
    if (kept->second.request != by.key->request) {
      return change::key_reused();
    }
    return &kept->second;
  }

  void keep_key(const change::Context& by, std::int64_t id, std::string code = {}) {
    if (by.key) {
      keys[{by.who, by.key->text}] = {by.key->request, id, by.at, std::move(code)};
    }
  }

  domain::Event add_event(domain::Event event) {
    event.id.value = ++last_event;
    events.emplace(event.id, event);
    return event;
  }

  /// Adds the event that the service leaves with a change of a link.
  void add_link_event(const change::Context& by,
                      const domain::Link& link,
                      std::string type,
                      std::string details) {
    domain::Event event;
    event.link = link.id;
    event.user = link.user;
    event.type = std::move(type);
    event.at = by.at;
    event.details = std::move(details);
    add_event(std::move(event));
  }

  static std::string code_and_target(const domain::Link& link) {
    std::string details;
    JsonObject object(details);
    object.add("original_url", link.target).add("short_code", link.code);
    object.end();
    return details;
  }

  static std::string sent_fields(const domain::Link& before, const domain::LinkChange& change) {
    std::string details;
    JsonObject object(details);
    if (change.enabled) {
      object.add("is_active", *change.enabled);
    }
    if (change.target) {
      std::string targets;
      JsonObject both(targets);
      both.add("after", *change.target).add("before", before.target);
      both.end();
      object.add_raw("original_url", targets);
    }
    if (change.title) {
      object.add("title", *change.title);
    }
    object.end();
    return details;
  }

  /// The link must be there.
  void remove_link(const change::Context& by, domain::LinkId id) {
    const auto taken_out = links.extract(id);
    const domain::Link& link = taken_out.mapped();
    chosen_links.erase(id);
    retired_codes.insert(link.code);
    add_link_event(by, link, "deleted", code_and_target(link));
    audit_delete(by, "link", link);
  }

  /// Which of a user's texts another user has.
  std::vector<FieldFault> taken_fields(const domain::User& user) const {
    bool name_taken = false;
    bool email_taken = false;
    for (const auto& [id, other] : users) {
      name_taken |= id != user.id && same_name(other.username, user.username);
      email_taken |=
          id != user.id && domain::email_key(other.email) == domain::email_key(user.email);
    }
    std::vector<FieldFault> faults;
    if (name_taken) {
      faults.push_back({"username", "Username is taken"});
    }
    if (email_taken) {
      faults.push_back({"email", "Email is taken"});
    }
    return faults;
  }
};

}  // namespace ginnel::support
