// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/run_blocking_task.h"
#include "base/until_memory.h"
#include "storage/change_listener.h"
#include "storage/stores.h"
#include "support/open_stores.h"

namespace ginnel::storage {

/// A listener that writes down what it hears and forgets at once.
class RecordingListener final : public ChangeListener {
 public:
  void forget(change::Forgotten what, Position position, std::function<void()> then) override {
    {
      const std::lock_guard lock(mutex_);
      until_memory([&] { heard_.push_back(what.is_everything() ? kEverything : what.codes()); });
      until_memory([&] { positions_.push_back(position); });
    }
    then();
  }

  /// What stands for everything: no code has this sign.
  inline static const std::vector<std::string> kEverything = {"*"};

  /// What it heard since the last call, one entry for each commit.
  std::vector<std::vector<std::string>> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(heard_, {});
  }

  /// Those of the commits that it ever heard of.
  std::vector<Position> positions() {
    const std::lock_guard lock(mutex_);
    return positions_;
  }

 private:
  std::mutex mutex_;
  std::vector<std::vector<std::string>> heard_;
  std::vector<Position> positions_;
};

/// A click with every fact known, but when it was.
inline domain::Click click_by_person(domain::LinkId link, domain::UserId user, std::string code) {
  domain::Click click;
  click.code = std::move(code);
  click.link = link;
  click.user = user;
  click.referrer = "example.org";
  click.country = "DE";
  click.device = "mobile";
  click.browser = "Firefox";
  click.system = "Android";
  click.visitor = 0x9e3779b97f4a7c15;
  click.network = "203.0.113.0/24";
  click.rules = "1";
  return click;
}

/// Opens a database for a test; a call may take as long as it does on a busy machine under a
/// sanitizer.
inline Result<std::unique_ptr<Stores>> open_patiently(const std::string& url,
                                                      ChangeListener& listener) {
  StoreOptions options;
  options.url = url;
  options.operation_timeout = std::chrono::minutes(1);
  return support::open_stores(options, listener);
}

/// The stores of an empty database, and rows for them.
class StoreFixture : public testing::Test {
 protected:
  /// Opens the stores; called once. They are closed in TearDown.
  virtual Result<std::unique_ptr<Stores>> open(ChangeListener& listener) = 0;

  void SetUp() override {
    auto opened = open(listener_);
    ASSERT_TRUE(opened) << opened.error().message << ": " << opened.error().detail;
    stores_ = std::move(*opened);
  }

  void TearDown() override { stores_.reset(); }

  UserStore& users() { return stores_->users(); }
  LinkStore& links() { return stores_->links(); }
  RedirectSource& redirects() { return stores_->redirects(); }
  EventStore& events() { return stores_->events(); }
  ClickStore& clicks() { return stores_->clicks(); }
  ImportStore& imports() { return stores_->imports(); }
  RecordingListener& listener() { return listener_; }

  /// The context of a change made `second` seconds after the test's time zero.
  static change::Context by(std::int64_t second, std::string who = "tester") {
    change::Context context;
    context.who = std::move(who);
    context.request_id = "request-" + std::to_string(second);
    context.at = at(second);
    return context;
  }

  /// The context of a change that wants the row to be shown like `row`.
  template <class Row>
  static change::Context by_who_wants(const Row& row) {
    change::Context context = by(9);
    context.condition = [json = domain::json_of(row)](std::string_view now) { return now == json; };
    return context;
  }

  static domain::Timestamp at(std::int64_t second) {
    return domain::Timestamp(std::chrono::seconds(1'800'000'000 + second));
  }

  domain::User add_user(const std::string& name) {
    domain::UserDraft draft = {name, name + "@example.org"};
    auto user = run_blocking_task(users().insert(std::move(draft), by(1)));
    EXPECT_TRUE(user) << user.error().message << ": " << user.error().detail;
    return user ? *user : domain::User();
  }

  static domain::LinkDraft draft_of(domain::UserId owner, const std::string& code) {
    domain::LinkDraft draft;
    draft.user = owner;
    draft.code = code;
    draft.target = "https://example.org/" + code;
    draft.title = "Title of " + code;
    return draft;
  }

  domain::Link add_link(domain::UserId owner, const std::string& code, std::int64_t second = 2) {
    auto link = run_blocking_task(links().insert(draft_of(owner, code), by(second)));
    EXPECT_TRUE(link) << link.error().message << ": " << link.error().detail;
    return link ? *link : domain::Link();
  }

  /// A click of a link, `second` seconds after the test's time zero, by a person.
  static domain::Click click_of(const domain::Link& link, std::int64_t second = 100) {
    domain::Click click = click_by_person(link.id, link.user, link.code);
    click.at = at(second);
    return click;
  }

  static constexpr const char* kSegment = "0123456789abcdef0123456789abcdef";

  /// Ships clicks behind those that this shipped before.
  ShipOutcome ship(std::vector<domain::Click> clicks) {
    ClickBatch batch;
    batch.segment = kSegment;
    batch.from = std::exchange(shipped_to_, shipped_to_ + 100);
    batch.to = shipped_to_;
    batch.clicks = std::move(clicks);
    auto outcome = run_blocking_task(this->clicks().ship_one(std::move(batch), {}));
    EXPECT_TRUE(outcome) << outcome.error().message << ": " << outcome.error().detail;
    return outcome ? *outcome : ShipOutcome::kShippedBefore;
  }

  std::vector<domain::Event> all_events(EventQuery query = {}) {
    auto found = run_blocking_task(events().list(std::move(query), {}));
    EXPECT_TRUE(found) << found.error().message << ": " << found.error().detail;
    return found ? std::move(found->rows) : std::vector<domain::Event>();
  }

  std::vector<domain::AuditEntry> trail(AuditQuery query = {}) {
    auto found = run_blocking_task(events().audit(query, {}));
    EXPECT_TRUE(found) << found.error().message << ": " << found.error().detail;
    return found ? std::move(found->rows) : std::vector<domain::AuditEntry>();
  }

  /// The last row of the trail.
  domain::AuditEntry last_of_trail() {
    auto entries = trail();
    EXPECT_FALSE(entries.empty());
    return entries.empty() ? domain::AuditEntry() : entries.back();
  }

 private:
  RecordingListener listener_;
  std::unique_ptr<Stores> stores_;
  std::uint64_t shipped_to_ = 0;
};

/// An empty database of one implementation, which is deleted with this.
class EmptyDatabase {
 public:
  EmptyDatabase() = default;
  EmptyDatabase(const EmptyDatabase&) = delete;
  EmptyDatabase& operator=(const EmptyDatabase&) = delete;
  virtual ~EmptyDatabase() = default;

  virtual Result<std::unique_ptr<Stores>> open(ChangeListener& listener) = 0;
};

/// What differs between implementations.
struct Implementation {
  const char* name;  ///< letters and digits
  std::unique_ptr<EmptyDatabase> (*make)();
};

inline void PrintTo(const Implementation& of, std::ostream* out) {  // NOLINT: GoogleTest's name
  *out << of.name;
}

/// For INSTANTIATE_TEST_SUITE_P.
inline std::string name_of(const testing::TestParamInfo<Implementation>& of) {
  return of.param.name;
}

/// What every contract suite stands on. The tests of the suites are in *_contract_test.cc, compiled
/// once for all implementations.
class StoreContract : public StoreFixture, public testing::WithParamInterface<Implementation> {
 private:
  Result<std::unique_ptr<Stores>> open(ChangeListener& listener) override {
    database_ = GetParam().make();
    return database_->open(listener);
  }

  std::unique_ptr<EmptyDatabase> database_;
};

/// `rows` by what `part` gives of each.
template <class Row, class Part>
auto each(const std::vector<Row>& rows, Part part) {
  std::vector<std::decay_t<std::invoke_result_t<Part, const Row&>>> parts;
  parts.reserve(rows.size());
  for (const Row& row : rows) {
    parts.push_back(std::invoke(part, row));
  }
  return parts;
}

using Pages = std::vector<std::vector<std::int64_t>>;

/// The numbers of a list's rows, page by page, read as a client reads on: behind the last row.
template <class Query, class List>
Pages pages(Query query, List list) {
  Pages numbers;
  bool more = true;
  while (more) {
    const auto page = run_blocking_task(list(query)).value();
    more = page.more && !page.rows.empty();
    query.after = more ? page.rows.back().id : query.after;
    numbers.push_back(each(page.rows, [](const auto& row) { return row.id.value; }));
  }
  return numbers;
}

}  // namespace ginnel::storage
