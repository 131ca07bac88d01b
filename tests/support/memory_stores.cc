// SPDX-License-Identifier: MIT
#include "support/memory_stores.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "base/random.h"
#include "support/memory_database.h"
#include "support/memory_import_store.h"

namespace ginnel::support {
namespace {

/// What a store does alike for each kind of row: it finds one, lets src/change plan, and writes.
template <class Store, class Row, class Draft, class Wanted>
class MemoryRowStore : public MemoryStore<Store> {
 public:
  using MemoryStore<Store>::MemoryStore;
  using Shown = std::decay_t<decltype(std::declval<Row>().answer())>;
  using Id = decltype(Shown::id);

  Task<Result<Shown>> insert(Draft draft, change::Context by) override {
    const auto plan = [&](MemoryTables& tables) {
      return change::create(draft, tables.next(Id()), tables.find_key(by), by);
    };
    co_return co_await apply(plan, by);
  }

  Task<Result<std::optional<Shown>>> find(Id id, CallContext call) override {
    co_return this->database_.read(call.deadline,
                                   [&](auto& tables) { return answer_of(tables.find(id)); });
  }

  Task<Result<Shown>> change(Id id, Wanted wanted, change::Context by) override {
    const auto plan = [&](auto& tables) { return change::update(tables.find(id), wanted, by); };
    co_return co_await apply(plan, by);
  }

 private:
  template <class Plan>
  Task<Result<Shown>> apply(const Plan& plan, const CallContext& by) {
    const auto work = [&](MemoryTables& tables) -> Result<Shown> {
      const Result<change::Change> change = plan(tables);
      if (auto done = tables.write(change); !done) {
        return std::move(done).error();
      }
      return std::get<Row>(change->row).answer();
    };
    co_return co_await this->database_.change(by.deadline, work);
  }
};

class MemoryUserStore final : public MemoryRowStore<storage::UserStore,
                                                    change::UserRow,
                                                    domain::UserDraft,
                                                    domain::UserChange> {
 public:
  using MemoryRowStore::MemoryRowStore;

  Task<Result<std::optional<domain::UserProfile>>> find_profile(domain::UserId id,
                                                                CallContext call) override {
    co_return database_.read(call.deadline, [&](auto& tables) {
      std::optional<domain::UserProfile> profile;
      if (const auto row = tables.users.find(id)) {
        profile.emplace().record = row->record;
        const auto is_his = [&](const auto& of) { return of.user == id; };
        profile->links = tables.links.all(&change::LinkRow::answer, is_his).size();
        profile->clicks = std::ranges::count_if(tables.clicks, is_his);
        for (const domain::Event& event : tables.events.all(std::identity(), is_his)) {
          profile->last_activity = std::max(profile->last_activity, std::optional(event.at));
        }
      }
      return profile;
    });
  }

  Task<Result<storage::Page<domain::User>>> list(storage::UserQuery query,
                                                 CallContext call) override {
    co_return database_.read(call.deadline, [&](auto& tables) {
      const auto named = tables.find_name(query.username.value_or(""));
      return tables.users.page(query, &change::UserRow::answer, [&](const domain::User& user) {
        const bool matches = !query.username || (named && named->answer().id == user.id);
        return matches && (query.offset == 0 || query.offset-- == 0);
      });
    });
  }

  Task<Result<Done>> remove(domain::UserId id, change::Context by) override {
    const auto work = [&](MemoryTables& tables) -> Result<Done> {
      const auto is_his = [&](const domain::Link& link) { return link.user == id; };
      const auto links = tables.links.all(&change::LinkRow::answer, is_his);
      auto changes = change::remove(tables.users.find(id), links, false, by);
      if (!changes) {
        return std::move(changes).error();
      }
      for (const change::Change& change : *changes) {
        tables.apply(change);
      }
      return Done();
    };
    co_return co_await database_.change(by.deadline, work);
  }
};

class MemoryLinkStore final : public MemoryRowStore<storage::LinkStore,
                                                    change::LinkRow,
                                                    domain::LinkDraft,
                                                    domain::LinkChange> {
 public:
  using MemoryRowStore::MemoryRowStore;

  Task<Result<std::optional<domain::Link>>> find_by_code(std::string code,
                                                         CallContext call) override {
    co_return database_.read(call.deadline,
                             [&](auto& tables) { return answer_of(tables.find_code(code)); });
  }

  Task<Result<storage::Page<domain::Link>>> list(storage::LinkQuery query,
                                                 CallContext call) override {
    co_return database_.read(call.deadline, [&](auto& tables) {
      return tables.links.page(query, &change::LinkRow::answer, [&](const domain::Link& link) {
        return (!query.user || link.user == query.user) &&
               (!query.enabled || link.enabled == query.enabled) &&
               (!query.code || link.code == query.code);
      });
    });
  }

  Task<Result<Done>> remove(domain::LinkId id, change::Context by) override {
    const auto work = [&](MemoryTables& tables) {
      return tables.write(change::remove(tables.links.find(id), by));
    };
    co_return co_await database_.change(by.deadline, work);
  }

  Task<Result<std::uint64_t>> count(CallContext call) override {
    co_return database_.read(call.deadline,
                             [](auto& tables) -> std::uint64_t { return tables.links.size(); });
  }

  Task<Result<std::vector<domain::Link>>> find_by_codes(std::vector<std::string> words,
                                                        CallContext call) override {
    co_return database_.read(call.deadline, [&](auto& tables) {
      return tables.links.all(&change::LinkRow::answer, [&](const domain::Link& link) {
        const auto is_it = [&](auto& word) { return domain::same_in_any_case(word, link.code); };
        return std::ranges::any_of(words, is_it);
      });
    });
  }
};

class MemoryRedirectSource final : public MemoryStore<storage::RedirectSource> {
 public:
  using MemoryStore::MemoryStore;

  Task<Result<storage::RedirectAnswer>> find(std::string code, CallContext call) override {
    co_return database_.read(call.deadline, [&](auto& tables) {
      const auto row = tables.find_typed(code);
      auto redirect = row ? std::optional(domain::redirect_of(row->link)) : std::nullopt;
      return storage::RedirectAnswer{std::move(redirect), tables.position};
    });
  }
};

class MemoryEventStore final : public MemoryRowStore<storage::EventStore,
                                                     change::EventRow,
                                                     domain::EventDraft,
                                                     domain::EventChange> {
 public:
  using MemoryRowStore::MemoryRowStore;

  Task<Result<storage::Page<domain::Event>>> list(storage::EventQuery query,
                                                  CallContext call) override {
    co_return database_.read(call.deadline, [&](auto& tables) {
      const auto shown = [&](const domain::Event& event) { return tables.shown(event); };
      return tables.events.page(query, shown, [&](const domain::Event& event) {
        return (!query.link || event.link == query.link) &&
               (!query.user || event.user == query.user) &&
               (!query.type || event.type == query.type);
      });
    });
  }

  Task<Result<storage::Page<domain::AuditEntry>>> audit(storage::AuditQuery query,
                                                        CallContext call) override {
    co_return database_.read(call.deadline, [&](auto& tables) {
      return tables.trail.page(query, std::identity(), [](const auto&) { return true; });
    });
  }
};

/// The figures of a link in the plainest way: click by click, people one by one, texts as texts.
class MemoryClickCount final {
 public:
  explicit MemoryClickCount(const domain::StatsQuery& query)
      : query_(query), stats_(domain::empty_stats(query)) {}

  /// Adds a click; they come in the order of their ids.
  void add(const domain::Click& click) {
    const auto day = std::chrono::floor<std::chrono::days>(click.at);
    const domain::ClickCount one = {1, click.bot == domain::BotClass::kHuman ? 1U : 0U};
    const auto end = std::ranges::upper_bound(query_.bounds, click.at);
    const bool is_inside = end != query_.bounds.begin() && end != query_.bounds.end();
    const std::string bot(domain::to_text(click.bot));
    std::size_t dimension = 0;
    for (const std::string* text :
         {&click.referrer, &click.country, &click.device, &click.browser, &click.system, &bot}) {
      const std::string value = admitted(of_days_[{day, ++dimension}], *text);
      if (is_inside) {
        values_[{dimension, value}] += one;
      }
    }
    if (is_inside) {
      domain::StatsBucket& bucket = stats_.buckets[end - query_.bounds.begin() - 1];
      stats_.total += one;
      bucket.count += one;
      for (domain::DailyVisitors* sum : {&stats_.daily_visitors, &bucket.daily_visitors}) {
        const bool is_person = one.humans == 1 && click.visitor != 0;
        *sum += is_person && people_.emplace(sum, day, click.visitor).second ? 1 : 0;
      }
    }
  }

  domain::ClickStats finish() && {
    for (const auto& [value, count] : values_) {
      stats_.values[value.first].push_back({value.second, count});
    }
    for (auto& values : stats_.values) {
      domain::keep_most(values, query_.values);
    }
    return std::move(stats_);
  }

 private:
  using Texts = std::set<std::string>;

  /// Under which text a click counts, whose dimension had `of_day` on its day so far.
  static std::string admitted(Texts& of_day, const std::string& text) {
    const bool is_full = of_day.size() >= domain::kMaxDailyValues && !of_day.contains(text);
    const bool is_other = is_full || text == domain::kOtherValue;
    return is_other ? std::string(domain::kOtherValue) : *of_day.insert(text).first;
  }

  const domain::StatsQuery& query_;
  domain::ClickStats stats_;
  std::map<std::pair<std::size_t, std::string>, domain::ClickCount> values_;  ///< by dimension
  std::map<std::pair<std::chrono::sys_days, std::size_t>, Texts> of_days_;
  /// Who is in which sum, by day.
  std::set<std::tuple<domain::DailyVisitors*, std::chrono::sys_days, std::uint64_t>> people_;
};

/// Clicks in a list. Keeps no sums: every figure is counted when it is asked for, so that other
/// stores can be compared with it.
class MemoryClickStore final : public MemoryStore<storage::ClickStore> {
 public:
  using MemoryStore::MemoryStore;

  Task<Result<std::string>> database_id(CallContext call) override {
    co_return database_.read(call.deadline, [](auto&) { return std::string(32, 'd'); });
  }

  Task<Result<storage::SegmentCursor>> cursor(std::string segment, CallContext call) override {
    co_return database_.read(call.deadline, [&](auto& tables) { return tables.cursors[segment]; });
  }

  Task<Result<std::vector<storage::ShipOutcome>>> ship(std::vector<storage::ClickBatch> batches,
                                                       CallContext call) override {
    co_return database_.read(call.deadline, [&](auto& tables) {
      std::vector<storage::ShipOutcome> outcomes;
      for (storage::ClickBatch& batch : batches) {
        storage::SegmentCursor& cursor = tables.cursors[batch.segment];
        const bool is_next = !cursor.done && cursor.next == batch.from;
        if (is_next) {
          cursor = {batch.to, batch.last};
          std::ranges::for_each(batch.clicks, [&](auto& click) { tables.add(click); });
        }
        outcomes.push_back(is_next ? storage::ShipOutcome::kShipped
                                   : storage::ShipOutcome::kShippedBefore);
      }
      return outcomes;
    });
  }

  Task<Result<storage::UnsummedClicks>> sum_up(CallContext call) override {
    co_return database_.read(call.deadline, [](auto&) { return storage::UnsummedClicks(); });
  }
  Task<Result<storage::OlderClicks>> renew_older(CallContext call) override {
    co_return database_.read(call.deadline, [](auto&) { return storage::OlderClicks(); });
  }

  Task<Result<std::vector<storage::VisitorSalt>>> salts(std::chrono::sys_days today,
                                                        CallContext call) override {
    co_return database_.read(call.deadline, [&](auto& tables) {
      std::vector<storage::VisitorSalt> salts;
      std::erase_if(tables.salts, [&](const auto& salt) { return salt.first < today; });
      for (const auto day : {today, today + std::chrono::days(1)}) {
        storage::VisitorSalt salt = {day, {}};
        fill_with_entropy(salt.key);
        salts.push_back(tables.salts.emplace(day, salt).first->second);
      }
      return salts;
    });
  }

  Task<Result<domain::ClickStats>> stats(domain::StatsQuery query, CallContext call) override {
    if (auto sound = domain::check_bounds(query.bounds); !sound) {
      co_return std::move(sound).error();
    }
    co_return database_.read(call.deadline, [&](auto& tables) {
      MemoryClickCount count(query);
      for (const domain::Click& click : tables.clicks) {
        if (click.link == query.link) {
          count.add(click);
        }
      }
      return std::move(count).finish();
    });
  }

  Task<Result<storage::VerifyReport>> verify(storage::Verification /*how*/) override {
    co_return database_.read(kNoDeadline, [](auto& tables) {
      std::set<domain::LinkId> links;
      for (const domain::Click& click : tables.clicks) {
        links.insert(click.link);
      }
      storage::VerifyReport report;
      report.clicks = tables.clicks.size();
      report.links = links.size();
      return report;
    });
  }
};

}  // namespace

MemoryStores::MemoryStores(storage::ChangeListener* listener)
    : database_(std::make_unique<MemoryDatabase>(listener)),
      users_(std::make_unique<MemoryUserStore>(*database_)),
      links_(std::make_unique<MemoryLinkStore>(*database_)),
      redirects_(std::make_unique<MemoryRedirectSource>(*database_)),
      events_(std::make_unique<MemoryEventStore>(*database_)),
      clicks_(std::make_unique<MemoryClickStore>(*database_)),
      imports_(std::make_unique<MemoryImportStore>(*database_)) {}

MemoryStores::~MemoryStores() = default;

Task<Result<Done>> MemoryStores::ping(CallContext call) {
  co_return database_->read(call.deadline, [](auto&) { return Done(); });
}

void MemoryStores::fail_with(std::optional<Error> error) {
  database_->fail_with(std::move(error));
}

}  // namespace ginnel::support
