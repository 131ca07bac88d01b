// SPDX-License-Identifier: MIT
#include "support/memory_stores.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "support/memory_click_store.h"
#include "support/memory_database.h"
#include "support/memory_import_store.h"
#include "support/memory_tables.h"

namespace ginnel::support {
namespace {

class MemoryUserStore final : public storage::UserStore {
 public:
  explicit MemoryUserStore(MemoryDatabase& database) : database_(database) {}

  Task<Result<domain::User>> insert(domain::UserDraft draft, change::Context by) override {
    co_return database_.run([&](MemoryTables& tables) -> Result<domain::User> {
      domain::UserRecord record = domain::record_of(draft, by.at);
      auto earlier = tables.find_earlier(by);
      if (!earlier) {
        return std::move(earlier).error();
      }
      if (*earlier) {
        return as_made(record, **earlier).user;
      }
      if (auto free = tables.check_free(change::UserRow{record}); !free) {
        return std::move(free).error();
      }
      record.user.id.value = tables.last_user + 1;
      tables.write(change::create(record, by));
      return record.user;
    });
  }

  Task<Result<std::optional<domain::User>>> find(domain::UserId id, CallContext /*call*/) override {
    using Found = std::optional<domain::User>;
    co_return database_.run([&](MemoryTables& tables) -> Result<Found> {
      const auto* const record = MemoryTables::find(tables.users, id);
      return record == nullptr ? Found() : Found(record->user);
    });
  }

  Task<Result<std::optional<domain::UserProfile>>> find_profile(domain::UserId id,
                                                                CallContext /*call*/) override {
    using Found = std::optional<domain::UserProfile>;
    co_return database_.run([&](MemoryTables& tables) -> Result<Found> {
      return tables.users.contains(id) ? Found(profile_of(tables, id)) : Found();
    });
  }

  Task<Result<storage::Page<domain::User>>> list(storage::UserQuery query,
                                                 CallContext /*call*/) override {
    co_return database_.run([&](MemoryTables& tables) -> Result<storage::Page<domain::User>> {
      std::map<domain::UserId, domain::User> users;
      for (const auto& [id, record] : tables.users) {
        users.emplace(id, record.user);
      }
      const auto named = query.username ? tables.find_name(*query.username) : std::nullopt;
      return MemoryTables::page(users, query, [&](const auto& user) {
        const bool is_wanted = !query.username || named == user.id;
        return is_wanted && (query.offset == 0 || query.offset-- == 0);
      });
    });
  }

  Task<Result<domain::User>> change(domain::UserId id,
                                    domain::UserChange wanted,
                                    change::Context by) override {
    co_return database_.run([&](MemoryTables& tables) -> Result<domain::User> {
      const auto* const before = MemoryTables::find(tables.users, id);
      if (before == nullptr) {
        return change::user_not_found();
      }
      const auto change = change::update(*before, wanted, by);
      if (!change || !*change) {
        return change ? Result<domain::User>(before->user) : change.error();
      }
      const auto& row = std::get<change::UserRow>((*change)->row);
      if (auto free = tables.check_free(row); !free) {
        return std::move(free).error();
      }
      tables.write(**change);
      return row.record.user;
    });
  }

  Task<Result<Done>> remove(domain::UserId id, change::Context by) override {
    auto removed = database_.change([&](MemoryTables& tables) -> Result<Done> {
      const auto* const record = MemoryTables::find(tables.users, id);
      if (record == nullptr) {
        return change::user_not_found();
      }
      const auto is_his = [&](const domain::Link& link) { return link.user == id; };
      const auto links = MemoryTables::all(tables.links, is_his);
      auto changes = change::remove(*record, links, false, by);
      if (!changes) {
        return std::move(changes).error();
      }
      for (const change::Change& change : *changes) {
        tables.write(change);
      }
      return Done();
    });
    co_return co_await std::move(removed);
  }

 private:
  static domain::UserProfile profile_of(const MemoryTables& tables, domain::UserId id) {
    domain::UserProfile profile;
    profile.record = tables.users.at(id);
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

  MemoryDatabase& database_;
};

class MemoryLinkStore final : public storage::LinkStore {
 public:
  explicit MemoryLinkStore(MemoryDatabase& database) : database_(database) {}

  Task<Result<domain::Link>> insert(domain::LinkDraft draft, change::Context by) override {
    auto made =
        database_.change([&](MemoryTables& tables) { return insert_now(tables, draft, by); });
    co_return co_await std::move(made);
  }

  Task<Result<std::optional<domain::Link>>> find(domain::LinkId id, CallContext /*call*/) override {
    co_return database_.run([&](MemoryTables& tables) -> Result<std::optional<domain::Link>> {
      return copied(MemoryTables::find(tables.links, id));
    });
  }

  Task<Result<std::optional<domain::Link>>> find_by_code(std::string code,
                                                         CallContext /*call*/) override {
    co_return database_.run([&](MemoryTables& tables) -> Result<std::optional<domain::Link>> {
      return copied(tables.find_code(code));
    });
  }

  Task<Result<storage::Page<domain::Link>>> list(storage::LinkQuery query,
                                                 CallContext /*call*/) override {
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
                                    domain::LinkChange wanted,
                                    change::Context by) override {
    auto changed = database_.change([&](MemoryTables& tables) -> Result<domain::Link> {
      const auto* const before = MemoryTables::find(tables.links, id);
      if (before == nullptr) {
        return change::link_not_found();
      }
      auto change = change::update(*before, wanted, by);
      if (!change) {
        return std::move(change).error();
      }
      tables.write(*change);
      return std::get<change::LinkRow>(change->row).link;
    });
    co_return co_await std::move(changed);
  }

  Task<Result<Done>> remove(domain::LinkId id, change::Context by) override {
    auto removed = database_.change([&](MemoryTables& tables) -> Result<Done> {
      const auto* const link = MemoryTables::find(tables.links, id);
      if (link == nullptr) {
        return change::link_not_found();
      }
      auto change = change::remove(*link, by);
      if (!change) {
        return std::move(change).error();
      }
      tables.write(*change);
      return Done();
    });
    co_return co_await std::move(removed);
  }

  Task<Result<std::uint64_t>> count(CallContext /*call*/) override {
    co_return database_.run(
        [](MemoryTables& tables) -> Result<std::uint64_t> { return tables.links.size(); });
  }

  Task<Result<std::vector<domain::Link>>> find_by_codes(std::vector<std::string> words,
                                                        CallContext /*call*/) override {
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

  static Result<domain::Link> insert_now(MemoryTables& tables,
                                         const domain::LinkDraft& draft,
                                         const change::Context& by) {
    domain::Link link = domain::link_of(draft, by.at);
    auto earlier = tables.find_earlier(by);
    if (!earlier) {
      return std::move(earlier).error();
    }
    if (*earlier) {
      return as_made(std::move(link), **earlier);
    }
    if (auto sound = tables.check_link(draft); !sound) {
      return std::move(sound).error();
    }
    link.id.value = tables.last_link + 1;
    tables.write(change::create(link, draft.chosen, by));
    return link;
  }

  MemoryDatabase& database_;
};

class MemoryRedirectSource final : public storage::RedirectSource {
 public:
  explicit MemoryRedirectSource(MemoryDatabase& database) : database_(database) {}

  Task<Result<storage::RedirectAnswer>> find(std::string code, CallContext /*call*/) override {
    co_return database_.run([&](MemoryTables& tables) -> Result<storage::RedirectAnswer> {
      storage::RedirectAnswer answer;
      if (const auto* const link = tables.find_typed(code)) {
        answer.redirect = domain::redirect_of(*link);
      }
      answer.position = tables.position;
      return answer;
    });
  }

 private:
  MemoryDatabase& database_;
};

class MemoryEventStore final : public storage::EventStore {
 public:
  explicit MemoryEventStore(MemoryDatabase& database) : database_(database) {}

  Task<Result<domain::Event>> insert(domain::EventDraft draft, change::Context by) override {
    co_return database_.run([&](MemoryTables& tables) -> Result<domain::Event> {
      domain::Event event = domain::event_of(draft, by.at);
      auto earlier = tables.find_earlier(by);
      if (!earlier) {
        return std::move(earlier).error();
      }
      if (*earlier) {
        return as_made(std::move(event), **earlier);
      }
      if (auto known = tables.check_names(draft.link, draft.user); !known) {
        return std::move(known).error();
      }
      event.id.value = tables.last_event + 1;
      tables.write(change::create(event, by));
      return event;
    });
  }

  Task<Result<std::optional<domain::Event>>> find(domain::EventId id,
                                                  CallContext /*call*/) override {
    using Found = std::optional<domain::Event>;
    co_return database_.run([&](MemoryTables& tables) -> Result<Found> {
      if (const auto* const click = MemoryTables::find(tables.clicks, id)) {
        return Found(tables.shown(*click));
      }
      const auto* const event = MemoryTables::find(tables.events, id);
      return event == nullptr ? Found() : Found(tables.shown(*event));
    });
  }

  Task<Result<storage::Page<domain::Event>>> list(storage::EventQuery query,
                                                  CallContext /*call*/) override {
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
                                     domain::EventChange wanted,
                                     change::Context by) override {
    co_return database_.run([&](MemoryTables& tables) -> Result<domain::Event> {
      const auto* const event = MemoryTables::find(tables.events, id);
      if (event == nullptr) {
        return change::event_not_found(tables.clicks.contains(id));
      }
      const auto shown = tables.shown(*event);
      const auto change = change::update(change::EventRow{*event, shown}, wanted, by);
      if (!change || !*change) {
        return change ? Result<domain::Event>(shown) : change.error();
      }
      if (auto known = tables.check_names(wanted.link, wanted.user); !known) {
        return std::move(known).error();
      }
      tables.write(**change);
      return std::get<change::EventRow>((*change)->row).shown;
    });
  }

  Task<Result<storage::Page<domain::AuditEntry>>> audit(storage::AuditQuery query,
                                                        CallContext /*call*/) override {
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
  MemoryDatabase& database_;
};

}  // namespace

struct MemoryStores::State {
  explicit State(storage::ChangeListener* listener) : database(listener) {}

  MemoryDatabase database;
  MemoryUserStore users{database};
  MemoryLinkStore links{database};
  MemoryRedirectSource redirects{database};
  MemoryEventStore events{database};
  MemoryClickStore clicks{database};
  MemoryImportStore imports{database};
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

storage::RedirectSource& MemoryStores::redirects() {
  return state_->redirects;
}

storage::EventStore& MemoryStores::events() {
  return state_->events;
}

storage::ClickStore& MemoryStores::clicks() {
  return state_->clicks;
}

storage::ImportStore& MemoryStores::imports() {
  return state_->imports;
}

Task<Result<Done>> MemoryStores::ping(CallContext /*call*/) {
  co_return state_->database.run([](MemoryTables&) -> Result<Done> { return Done(); });
}

void MemoryStores::fail_with(std::optional<Error> error) {
  state_->database.fail_with(std::move(error));
}

}  // namespace ginnel::support
