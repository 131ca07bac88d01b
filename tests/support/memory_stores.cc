// SPDX-License-Identifier: MIT
#include "support/memory_stores.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "support/memory_click_store.h"
#include "support/memory_database.h"
#include "support/memory_tables.h"

namespace ginnel::support {
namespace {

class MemoryUserStore final : public storage::UserStore {
 public:
  explicit MemoryUserStore(MemoryDatabase& database) : database_(database) {}

  Task<Result<domain::User>> insert(domain::UserDraft draft, change::Context by) override {
    co_return database_.run([&](MemoryTables& tables) -> Result<domain::User> {
      domain::User user;
      user.username = trimmed(draft.username);
      user.email = trimmed(draft.email);
      user.created_at = by.at;
      const auto earlier = tables.find_earlier(by);
      if (!earlier) {
        return earlier.error();
      }
      if (*earlier != nullptr) {
        user.id.value = (*earlier)->id;
        user.created_at = (*earlier)->at;
        return user;
      }
      if (auto taken = conflict(tables, user)) {
        return std::move(*taken);
      }
      user.id.value = ++tables.last_user;
      tables.users.emplace(user.id, user);
      tables.metadata.emplace(user.id, draft.metadata);
      audit(tables, by, "create", user.id, {}, json_of(tables.record_of(user.id)));
      tables.keep_key(by, user.id.value);
      return user;
    });
  }

  Task<Result<std::optional<domain::User>>> find(domain::UserId id) override {
    using Found = std::optional<domain::User>;
    co_return database_.run([&](MemoryTables& tables) -> Result<Found> {
      const auto* const user = MemoryTables::find(tables.users, id);
      return user == nullptr ? Found() : Found(*user);
    });
  }

  Task<Result<std::optional<domain::UserProfile>>> find_profile(domain::UserId id) override {
    using Found = std::optional<domain::UserProfile>;
    co_return database_.run([&](MemoryTables& tables) -> Result<Found> {
      return tables.users.contains(id) ? Found(profile_of(tables, id)) : Found();
    });
  }

  Task<Result<storage::Page<domain::User>>> list(storage::UserQuery query) override {
    co_return database_.run([&](MemoryTables& tables) -> Result<storage::Page<domain::User>> {
      return MemoryTables::page(tables.users, query, [&](const auto& user) {
        const bool named =
            !query.username || MemoryTables::same_name(user.username, *query.username);
        return named && (query.offset == 0 || query.offset-- == 0);
      });
    });
  }

  Task<Result<domain::User>> change(domain::UserId id,
                                    domain::UserChange change,
                                    change::Context by) override {
    co_return database_.run([&](MemoryTables& tables) -> Result<domain::User> {
      auto* const user = MemoryTables::find(tables.users, id);
      if (user == nullptr) {
        return Error(ErrorKind::kNotFound, "User not found");
      }
      if (auto wanted = change::check_condition(by, *user); !wanted) {
        return std::move(wanted).error();
      }
      domain::User after = *user;
      after.username = trimmed(change.username.value_or(after.username));
      after.email = trimmed(change.email.value_or(after.email));
      if (auto taken = conflict(tables, after)) {
        return std::move(*taken);
      }
      const auto before = tables.record_of(id);
      *user = after;
      tables.metadata[id] = change.metadata.value_or(before.metadata);
      if (const auto record = tables.record_of(id); record != before) {
        audit(tables, by, "update", id, json_of(before), json_of(record));
      }
      return after;
    });
  }

  Task<Result<Done>> remove(domain::UserId id, change::Context by) override {
    std::vector<std::string> codes;
    auto removed = database_.run([&](MemoryTables& tables) -> Result<Done> {
      const auto* const user = MemoryTables::find(tables.users, id);
      if (user == nullptr) {
        return Error(ErrorKind::kNotFound, "User not found");
      }
      if (auto wanted = change::check_condition(by, *user); !wanted) {
        return wanted;
      }
      const auto is_his = [&](const domain::Link& link) { return link.user == id; };
      for (const auto& link : MemoryTables::all(tables.links, is_his)) {
        tables.remove_link(by, link.id);
        codes.push_back(link.code);
      }
      audit(tables, by, "delete", id, json_of(tables.record_of(id)), {});
      tables.users.erase(id);
      tables.metadata.erase(id);
      return Done();
    });
    co_await database_.announce(std::move(codes));
    co_return removed;
  }

 private:
  static void audit(MemoryTables& tables,
                    const change::Context& by,
                    const char* action,
                    domain::UserId id,
                    std::string before,
                    std::string after) {
    tables.audit(by,
                 {{}, {}, {}, {}, action, "user", id.value, std::move(before), std::move(after)});
  }

  static domain::UserProfile profile_of(const MemoryTables& tables, domain::UserId id) {
    domain::UserProfile profile;
    profile.record = tables.record_of(id);
    for (const auto& [link_id, link] : tables.links) {
      profile.links += link.user == id ? 1 : 0;
    }
    const auto happened = [&profile](domain::Timestamp at) {
      profile.last_activity = std::max(profile.last_activity, std::optional(at));
    };
    for (const auto& [click_id, click] : tables.clicks) {
      if (click.user == id) {
        ++profile.clicks;
        happened(click.at);
      }
    }
    for (const auto& [event_id, event] : tables.events) {
      if (event.user == id) {
        happened(event.at);
      }
    }
    return profile;
  }

  static std::optional<Error> conflict(const MemoryTables& tables, const domain::User& user) {
    auto faults = tables.taken_fields(user);
    if (faults.empty()) {
      return std::nullopt;
    }
    Error error(ErrorKind::kConflict, faults.front().message);
    error.faults = std::move(faults);
    return error;
  }

  MemoryDatabase& database_;
};

class MemoryLinkStore final : public storage::LinkStore {
 public:
  explicit MemoryLinkStore(MemoryDatabase& database) : database_(database) {}

  Task<Result<domain::Link>> insert(domain::LinkDraft draft, change::Context by) override {
    auto made = database_.run([&](MemoryTables& tables) { return insert_now(tables, draft, by); });
    co_await database_.announce(codes_of(made));
    co_return made;
  }

  Task<Result<std::optional<domain::Link>>> find(domain::LinkId id) override {
    co_return database_.run([&](MemoryTables& tables) -> Result<std::optional<domain::Link>> {
      return copied(MemoryTables::find(tables.links, id));
    });
  }

  Task<Result<std::optional<domain::Link>>> find_by_code(std::string code) override {
    co_return database_.run([&](MemoryTables& tables) -> Result<std::optional<domain::Link>> {
      return copied(tables.find_code(code));
    });
  }

  Task<Result<std::optional<domain::Link>>> find_typed(std::string code) override {
    co_return database_.run([&](MemoryTables& tables) -> Result<std::optional<domain::Link>> {
      return copied(tables.find_typed(code));
    });
  }

  Task<Result<storage::Page<domain::Link>>> list(storage::LinkQuery query) override {
    co_return database_.run([&](MemoryTables& tables) -> Result<storage::Page<domain::Link>> {
      const auto matches = [&](const domain::Link& link) {
        return (!query.user || link.user == *query.user) &&
               (!query.enabled || link.enabled == *query.enabled) &&
               (!query.code || link.code == *query.code);
      };
      return query.newest_first ? MemoryTables::page_down(tables.links, query, matches)
                                : MemoryTables::page(tables.links, query, matches);
    });
  }

  Task<Result<domain::Link>> change(domain::LinkId id,
                                    domain::LinkChange change,
                                    change::Context by) override {
    auto changed = database_.run([&](MemoryTables& tables) -> Result<domain::Link> {
      auto* const link = MemoryTables::find(tables.links, id);
      if (link == nullptr) {
        return Error(ErrorKind::kNotFound, "URL not found");
      }
      if (auto wanted = change::check_condition(by, *link); !wanted) {
        return std::move(wanted).error();
      }
      const domain::Link before = *link;
      link->target = change.target.value_or(before.target);
      link->title = change.title.value_or(before.title);
      link->enabled = change.enabled.value_or(before.enabled);
      link->updated_at = by.at;
      ++link->version;
      tables.add_link_event(by, *link, "updated", MemoryTables::sent_fields(before, change));
      tables.audit_update(by, "link", before, *link);
      return *link;
    });
    co_await database_.announce(codes_of(changed));
    co_return changed;
  }

  Task<Result<Done>> remove(domain::LinkId id, change::Context by) override {
    std::vector<std::string> codes;
    auto removed = database_.run([&](MemoryTables& tables) -> Result<Done> {
      const auto* const link = MemoryTables::find(tables.links, id);
      if (link == nullptr) {
        return Error(ErrorKind::kNotFound, "URL not found");
      }
      if (auto wanted = change::check_condition(by, *link); !wanted) {
        return wanted;
      }
      codes.push_back(link->code);
      tables.remove_link(by, id);
      return Done();
    });
    co_await database_.announce(std::move(codes));
    co_return removed;
  }

  Task<Result<std::uint64_t>> count() override {
    co_return database_.run(
        [](MemoryTables& tables) -> Result<std::uint64_t> { return tables.links.size(); });
  }

  Task<Result<std::vector<domain::Link>>> find_by_codes(std::vector<std::string> words) override {
    co_return database_.run([&](MemoryTables& tables) -> Result<std::vector<domain::Link>> {
      return MemoryTables::all(tables.links, [&](const domain::Link& link) {
        return std::ranges::any_of(words, [&](const std::string& word) {
          return ascii_lower(word) == ascii_lower(link.code);
        });
      });
    });
  }

 private:
  static std::optional<domain::Link> copied(const domain::Link* link) {
    return link == nullptr ? std::nullopt : std::optional(*link);
  }

  static std::vector<std::string> codes_of(const Result<domain::Link>& link) {
    return link ? std::vector<std::string>{link->code} : std::vector<std::string>();
  }

  static Result<domain::Link> insert_now(MemoryTables& tables,
                                         const domain::LinkDraft& draft,
                                         const change::Context& by) {
    domain::Link link = domain::link_of(draft, by.at);
    const auto earlier = tables.find_earlier(by);
    if (!earlier) {
      return earlier.error();
    }
    if (*earlier != nullptr) {
      link.id.value = (*earlier)->id;
      link.code = (*earlier)->code;
      link.created_at = link.updated_at = (*earlier)->at;
      return link;
    }
    if (!tables.users.contains(draft.user)) {
      return Error(ErrorKind::kNotFound, "User " + std::to_string(draft.user.value) + " not found");
    }
    if (const auto* const twin = tables.find_chosen_twin(draft.code)) {
      return storage::code_is_taken_as(twin->code);
    }
    if (tables.find_code(draft.code) != nullptr ||
        (!draft.chosen && tables.retired_codes.contains(draft.code))) {
      return storage::code_is_taken();
    }
    link.id.value = ++tables.last_link;
    if (draft.chosen) {
      tables.chosen_links.insert(link.id);
    }
    tables.links.emplace(link.id, link);
    tables.add_link_event(by, link, "created", MemoryTables::code_and_target(link));
    tables.audit_create(by, "link", link);
    tables.keep_key(by, link.id.value, link.code);
    return link;
  }

  MemoryDatabase& database_;
};

class MemoryEventStore final : public storage::EventStore {
 public:
  explicit MemoryEventStore(MemoryDatabase& database) : database_(database) {}

  Task<Result<domain::Event>> insert(domain::EventDraft draft, change::Context by) override {
    co_return database_.run([&](MemoryTables& tables) -> Result<domain::Event> {
      domain::Event event = domain::event_of(draft, by.at);
      const auto earlier = tables.find_earlier(by);
      if (!earlier) {
        return earlier.error();
      }
      if (*earlier != nullptr) {
        event.id.value = (*earlier)->id;
        event.at = (*earlier)->at;
        return event;
      }
      if (auto missing = unknown_name(tables, draft.link, draft.user)) {
        return std::move(*missing);
      }
      event = tables.add_event(std::move(event));
      tables.audit_create(by, "event", event);
      tables.keep_key(by, event.id.value);
      return event;
    });
  }

  Task<Result<std::optional<domain::Event>>> find(domain::EventId id) override {
    using Found = std::optional<domain::Event>;
    co_return database_.run([&](MemoryTables& tables) -> Result<Found> {
      if (const auto* const click = MemoryTables::find(tables.clicks, id)) {
        return Found(tables.shown(*click));
      }
      const auto* const event = MemoryTables::find(tables.events, id);
      return event == nullptr ? Found() : Found(tables.shown(*event));
    });
  }

  Task<Result<storage::Page<domain::Event>>> list(storage::EventQuery query) override {
    co_return database_.run([&](MemoryTables& tables) -> Result<storage::Page<domain::Event>> {
      std::map<domain::EventId, domain::Event> rows;
      for (const auto& [id, event] : tables.events) {
        rows.emplace(id, tables.shown(event));
      }
      for (const auto& [id, click] : tables.clicks) {
        rows.emplace(id, tables.shown(click));
      }
      return MemoryTables::page(rows, query, [&](const domain::Event& event) {
        return (!query.link || event.link == query.link) &&
               (!query.user || event.user == query.user) &&
               (!query.type || event.type == *query.type);
      });
    });
  }

  Task<Result<domain::Event>> change(domain::EventId id,
                                     domain::EventChange change,
                                     change::Context by) override {
    co_return database_.run([&](MemoryTables& tables) -> Result<domain::Event> {
      if (tables.clicks.contains(id)) {
        return Error(ErrorKind::kConflict, "Redirect events cannot be changed");
      }
      auto* const event = MemoryTables::find(tables.events, id);
      if (event == nullptr) {
        return Error(ErrorKind::kNotFound, "Event not found");
      }
      const domain::Event before = tables.shown(*event);
      if (auto wanted = change::check_condition(by, before); !wanted) {
        return std::move(wanted).error();
      }
      if (auto missing = unknown_name(tables, change.link, change.user)) {
        return std::move(*missing);
      }
      event->link = change.link ? change.link : event->link;
      event->user = change.user ? change.user : event->user;
      event->type = change.type.value_or(event->type);
      event->details = change.details.value_or(event->details);
      domain::Event after = tables.shown(*event);
      if (after != before) {
        tables.audit_update(by, "event", before, after);
      }
      return after;
    });
  }

  Task<Result<storage::Page<domain::AuditEntry>>> audit(storage::AuditQuery query) override {
    co_return database_.run([&](MemoryTables& tables) -> Result<storage::Page<domain::AuditEntry>> {
      storage::PageBuilder<domain::AuditEntry> page(query);
      for (const domain::AuditEntry& entry : tables.trail) {
        if (entry.id > query.after && !page.add(entry)) {
          break;
        }
      }
      return std::move(page).take();
    });
  }

 private:
  static std::optional<Error> unknown_name(const MemoryTables& tables,
                                           const std::optional<domain::LinkId>& link,
                                           const std::optional<domain::UserId>& user) {
    if (link && !tables.links.contains(*link)) {
      return Error::about_field(ErrorKind::kNotFound, "url_id", "URL not found");
    }
    if (user && !tables.users.contains(*user)) {
      return Error::about_field(ErrorKind::kNotFound, "user_id", "User not found");
    }
    return std::nullopt;
  }

  MemoryDatabase& database_;
};

}  // namespace

struct MemoryStores::State {
  explicit State(storage::ChangeListener* listener) : database(listener) {}

  MemoryDatabase database;
  MemoryUserStore users{database};
  MemoryLinkStore links{database};
  MemoryEventStore events{database};
  MemoryClickStore clicks{database};
};

MemoryStores::MemoryStores(storage::ChangeListener* listener)
    : state_(std::make_unique<State>(listener)) {}

MemoryStores::~MemoryStores() = default;

storage::UserStore& MemoryStores::users() {
  return state_->users;
}

storage::LinkStore& MemoryStores::links() {
  return state_->links;
}

storage::EventStore& MemoryStores::events() {
  return state_->events;
}

storage::ClickStore& MemoryStores::clicks() {
  return state_->clicks;
}

storage::ImportStore& MemoryStores::imports() {
  throw std::logic_error("nothing can be imported into memory");
}

Task<Result<Done>> MemoryStores::ping() {
  co_return state_->database.run([](MemoryTables&) -> Result<Done> { return Done(); });
}

void MemoryStores::fail_with(std::optional<Error> error) {
  state_->database.fail_with(std::move(error));
}

}  // namespace ginnel::support
