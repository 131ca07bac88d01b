// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/json_text.h"
#include "change/events.h"
#include "change/links.h"
#include "change/users.h"
#include "domain/typed_code.h"
#include "storage/change_listener.h"
#include "storage/stores.h"

namespace ginnel::support {

/// Rows of one kind by their numbers, each of which is given once.
template <class Id, class Row>
class MemoryTable final {
 public:
  Id next_id() const { return Id{last_.value + 1}; }
  std::size_t size() const { return rows_.size(); }

  /// Whether the row is there, if one is named.
  bool has(const std::optional<Id>& id) const { return !id || rows_.contains(*id); }

  std::optional<Row> find(Id id) const {
    const auto found = rows_.find(id);
    return found == rows_.end() ? std::nullopt : std::optional(found->second);
  }

  /// What `shown` makes of the rows, in order, where `matches` takes it.
  template <class Shown, class Matches>
  auto all(Shown shown, Matches matches) const {
    std::vector<std::decay_t<std::invoke_result_t<Shown, const Row&>>> found;
    for (const auto& [id, row] : rows_) {
      if (matches(std::invoke(shown, row))) {
        found.push_back(std::invoke(shown, row));
      }
    }
    return found;
  }

  /// The first row that `matches` takes.
  template <class Matches>
  std::optional<Row> first(Matches matches) const {
    const auto found = all(std::identity(), matches);
    return found.empty() ? std::nullopt : std::optional(found.front());
  }

  /// As much of `all` as the query wants.
  template <class Query, class Shown, class Matches>
  auto page(const Query& query, Shown shown, Matches matches) const {
    storage::PageBuilder<std::decay_t<std::invoke_result_t<Shown, const Row&>>> page(query);
    const auto has_room = [&](const auto& entry) {
      const auto& row = std::invoke(shown, entry.second);
      return !matches(row) || page.add(row);
    };
    bool newest_first = false;
    if constexpr (requires { query.newest_first; }) {
      newest_first = query.newest_first;
    }
    if (newest_first) {
      const auto end = query.after == Id() ? rows_.end() : rows_.lower_bound(query.after);
      std::all_of(std::reverse_iterator(end), rows_.rend(), has_room);
    } else {
      std::all_of(rows_.upper_bound(query.after), rows_.end(), has_room);
    }
    return std::move(page).take();
  }

  /// Under the next number.
  void add(Row row) {
    row.id = next_id();
    write(change::Act::kCreate, row.id, row);
  }

  void write(change::Act act, Id id, Row row) {
    last_ = std::max(last_, id);
    if (act == change::Act::kDelete) {
      rows_.erase(id);
    } else {
      rows_.insert_or_assign(id, std::move(row));
    }
  }

 private:
  std::map<Id, Row> rows_;
  Id last_;
};

/// What is told of a row that was found.
template <class Row>
auto answer_of(const std::optional<Row>& row) {
  return row ? std::optional(row->answer()) : std::nullopt;
}

/// The rows of MemoryStores. Knows no lock, and no rule but what a database has constraints for.
struct MemoryTables {
  MemoryTable<domain::UserId, change::UserRow> users;
  MemoryTable<domain::LinkId, change::LinkRow> links;
  MemoryTable<domain::EventId, domain::Event> events;  ///< and clicks; name what is gone, too
  MemoryTable<domain::AuditId, domain::AuditEntry> trail;
  std::vector<domain::Click> clicks;
  std::set<std::string> retired_codes;
  std::map<std::pair<std::string, std::string>, change::KeptKey> keys;  ///< by who and key
  std::map<std::string, storage::SegmentCursor> cursors;
  std::map<std::chrono::sys_days, storage::VisitorSalt> salts;
  storage::Position position;   ///< grows with each change of links
  change::Forgotten forgotten;  ///< by what is written now

  domain::UserId next(domain::UserId /*of*/) const { return users.next_id(); }
  domain::LinkId next(domain::LinkId /*of*/) const { return links.next_id(); }
  domain::EventId next(domain::EventId /*of*/) const { return events.next_id(); }

  std::optional<change::UserRow> find(domain::UserId id) const { return users.find(id); }
  std::optional<change::LinkRow> find(domain::LinkId id) const { return links.find(id); }
  std::optional<change::EventRow> find(domain::EventId id) const {
    const auto event = events.find(id);
    return event ? std::optional(change::EventRow{*event, shown(*event)}) : std::nullopt;
  }

  std::optional<change::UserRow> find_name_key(const std::string& key) const {
    return users.first([&](const auto& row) { return row.name_key == key; });
  }

  /// Who has this name: by the key of its very spelling where somebody keeps one of an older time,
  /// else by today's.
  std::optional<change::UserRow> find_name(const std::string& name) const {
    const auto row = find_name_key(domain::old_username_key(name));
    return row ? row : find_name_key(domain::username_key(name));
  }

  std::optional<change::UserRow> find_email(const std::string& email) const {
    return users.first([key = domain::email_key(email)](const auto& row) {
      return domain::email_key(row.answer().email) == key;
    });
  }

  std::optional<change::LinkRow> find_code(std::string_view code) const {
    return links.first([&](const auto& row) { return row.link.code == code; });
  }

  /// What storage::RedirectSource finds.
  std::optional<change::LinkRow> find_typed(std::string_view code) const {
    std::vector<std::string_view> texts = {code};
    std::ranges::copy(domain::shorter_codes(code), std::back_inserter(texts));
    for (const std::string_view text : texts) {
      if (auto row = find_code(text)) {
        return row;
      }
    }
    for (const std::string_view text : texts) {
      const auto alike = links.all(std::identity(), [&](const auto& row) {
        return domain::same_in_any_case(row.link.code, text);
      });
      if (alike.size() == 1 && alike.front().chosen) {
        return alike.front();
      }
    }
    return std::nullopt;
  }

  std::optional<change::KeptKey> find_key(const change::Context& by) const {
    const auto kept = by.key ? keys.find({by.who, by.key->text}) : keys.end();
    return kept == keys.end() ? std::nullopt : std::optional(kept->second);
  }

  /// Adds a click under the next number; as an event, too.
  void add(domain::Click& click) {
    click.id = events.next_id();
    domain::Event event;
    event.link = click.link;
    event.user = click.user;
    event.type = domain::kClickEventType;
    event.at = click.at;
    JsonObject(event.details).add("short_code", click.code).end();
    event.origin = domain::EventOrigin::kClick;
    events.add(event);
    clicks.push_back(click);
  }

  /// The event as it is shown: without the numbers of what is gone.
  domain::Event shown(domain::Event event) const {
    event.link = links.has(event.link) ? event.link : std::nullopt;
    event.user = users.has(event.user) ? event.user : std::nullopt;
    return event;
  }

  /// Writes all of `change`, or fails as it does, or where a row is in the way.
  Result<Done> write(Result<change::Change> change) {
    if (!change) {
      return std::move(change).error();
    }
    if (change->act == change::Act::kNothing) {
      return Done();
    }
    const auto check_row = [&](const auto& row) { return check(change->act, row); };
    auto free = std::visit(check_row, change->row);
    if (free) {
      apply(*change);
    }
    return free;
  }

  /// The same of a change that nothing is in the way of.
  void apply(const change::Change& change) {
    std::visit([&](const auto& row) { put(change.act, row); }, change.row);
    for (const domain::Event& event : change.events) {
      events.add(event);
    }
    trail.add(change.entry);
    if (change.key) {
      keys[{change.key->who, change.key->key}] = *change.key;
    }
    retired_codes.insert(change.retired.begin(), change.retired.end());
    std::ranges::for_each(change.forgotten, [this](auto& code) { forgotten.add(code); });
  }

  void put(change::Act act, const change::UserRow& row) { users.write(act, row.answer().id, row); }
  void put(change::Act act, const change::LinkRow& row) { links.write(act, row.link.id, row); }
  void put(change::Act act, const change::EventRow& row) {
    events.write(act, row.event.id, row.event);
  }

  void add_to_trail(const domain::AuditEntry& entry) { trail.add(entry); }

 private:
  Result<Done> check(change::Act /*act*/, const change::UserRow& row) const {
    const domain::User& user = row.answer();
    const auto is_other = [&](const auto& of) { return of && of->answer().id != user.id; };
    const auto of_spelling = find_name_key(domain::old_username_key(user.username));
    return change::check_free(is_other(find_name_key(row.name_key)) || is_other(of_spelling),
                              is_other(find_email(user.email)));
  }

  Result<Done> check(change::Act act, const change::LinkRow& row) const {
    const domain::Link& link = row.link;
    const auto is_twin = [&](const change::LinkRow& other) {
      return other.chosen && other.link.code != link.code &&
             domain::same_in_any_case(other.link.code, link.code);
    };
    const auto twin = links.first(is_twin);
    const change::LinkObstacles found = {
        users.has(link.user),
        twin ? std::optional(twin->link.code) : std::nullopt,
        find_code(link.code) || (!row.chosen && retired_codes.contains(link.code))};
    return act == change::Act::kCreate ? change::check(link, found) : Done();
  }

  Result<Done> check(change::Act /*act*/, const change::EventRow& row) const {
    return change::check_names(links.has(row.shown.link), users.has(row.shown.user));
  }
};

/// What the stores in memory share: the rows, their lock, who listens, and how they fail.
class MemoryDatabase final {
 public:
  explicit MemoryDatabase(storage::ChangeListener* listener) : listener_(listener) {}

  /// Makes every call fail with `error` and change nothing, or work again.
  void fail_with(std::optional<Error> error) {
    const std::lock_guard lock(mutex_);
    failure_ = std::move(error);
  }

  /// What `work` gives, which is alone with the tables and cannot fail.
  template <class Work>
  auto read(Deadline until, Work work) {
    using Found = std::invoke_result_t<Work, MemoryTables&>;
    return run(until, [&](MemoryTables& tables) -> Result<Found> { return work(tables); });
  }

  /// The Result of `work`, which changes the tables or fails; then the listener is told of links
  /// that changed, and the caller resumes on its executor once that has forgotten.
  template <class Work>
  auto change(Deadline until, Work work) -> Task<std::invoke_result_t<Work, MemoryTables&>> {
    change::Forgotten what;
    storage::Position position;
    auto result = run(until, [&](MemoryTables& tables) {
      auto done = work(tables);
      what = std::exchange(tables.forgotten, {});
      position.value = tables.position.value += what.is_nothing() ? 0 : 1;
      return done;
    });
    if (listener_ != nullptr && !what.is_nothing()) {
      const auto executor = co_await asio::this_coro::executor;
      const auto told =
          std::make_shared<asio::steady_timer>(executor, asio::steady_timer::time_point::max());
      listener_->forget(std::move(what), position, [executor, told] {
        asio::post(executor, [told] { told->cancel(); });
      });
      co_await told->async_wait(asio::as_tuple(asio::use_awaitable));
    }
    co_return result;
  }

 private:
  template <class Work>
  auto run(Deadline until, Work work) -> std::invoke_result_t<Work, MemoryTables&> {
    if (std::chrono::steady_clock::now() >= until) {
      return Error(ErrorKind::kUnavailable, "The database is busy; try again");
    }
    const std::lock_guard lock(mutex_);
    if (failure_) {
      return *failure_;
    }
    return work(tables_);
  }

  std::mutex mutex_;
  MemoryTables tables_;                // under mutex_
  std::optional<Error> failure_;       // under mutex_
  storage::ChangeListener* listener_;  // safe by itself
};

/// One of them.
template <class Store>
class MemoryStore : public Store {
 public:
  explicit MemoryStore(MemoryDatabase& database) : database_(database) {}

 protected:
  MemoryDatabase& database_;
};

}  // namespace ginnel::support
