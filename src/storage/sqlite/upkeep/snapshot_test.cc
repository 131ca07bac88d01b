// SPDX-License-Identifier: MIT
#include "storage/sqlite/upkeep/snapshot.h"

#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "storage/backend.h"
#include "storage/store_contract.h"
#include "support/open_stores.h"
#include "support/temporary_folder.h"

namespace ginnel::storage::sqlite {
namespace {

/// A database that is served meanwhile.
class SqliteSnapshotTest : public StoreFixture {
 protected:
  std::unique_ptr<storage::Snapshot> snapshot() {
    auto opened = backend_of(options()).open_snapshot(options());
    EXPECT_TRUE(opened) << opened.error().message << ": " << opened.error().detail;
    return opened ? std::move(*opened) : nullptr;
  }

  static std::vector<std::string> names_in(Snapshot& snapshot) {
    std::vector<std::string> names;
    const auto done = snapshot.each_user([&names](const domain::User& user) -> Result<Done> {
      names.push_back(user.username);
      return Done();
    });
    EXPECT_TRUE(done);
    return names;
  }

  static std::vector<domain::Event> events_in(Snapshot& snapshot, bool clicks) {
    std::vector<domain::Event> events;
    const auto done =
        snapshot.each_event(clicks, [&events](const domain::Event& event) -> Result<Done> {
          events.push_back(event);
          return Done();
        });
    EXPECT_TRUE(done);
    return events;
  }

  static std::vector<domain::Link> links_in(Snapshot& snapshot) {
    std::vector<domain::Link> links;
    const auto done = snapshot.each_link([&links](const domain::Link& link) -> Result<Done> {
      links.push_back(link);
      return Done();
    });
    EXPECT_TRUE(done);
    return links;
  }

 private:
  Result<std::unique_ptr<storage::Stores>> open(ChangeListener& listener) override {
    return support::open_stores(options(), listener);
  }

  StoreOptions options() const {
    StoreOptions options;
    options.url = "sqlite:" + folder_.file("ginnel.db");
    return options;
  }

  support::TemporaryFolder folder_;
};

TEST_F(SqliteSnapshotTest, ShowsWhatTheStoresShow) {
  const auto owner = add_user("owner");
  const auto link = add_link(owner.id, "abc123");
  const auto gone = add_link(owner.id, "second");
  ship({click_of(link), click_of(gone)});
  run_blocking_task(this->links().remove(gone.id, by(50))).value();

  const auto snapshot = this->snapshot();

  ASSERT_TRUE(snapshot);
  EXPECT_EQ(names_in(*snapshot), std::vector<std::string>{"owner"});
  EXPECT_EQ(links_in(*snapshot), std::vector<domain::Link>{link});
  EXPECT_EQ(events_in(*snapshot, true), all_events());
  auto without_clicks = all_events();
  std::erase_if(without_clicks, [](const domain::Event& event) {
    return event.origin == domain::EventOrigin::kClick;
  });
  EXPECT_EQ(without_clicks.size(), all_events().size() - 2);
  EXPECT_EQ(events_in(*snapshot, false), without_clicks);
}

TEST_F(SqliteSnapshotTest, StaysAsItWasWhileOthersChange) {
  const auto ada = add_user("ada");
  const auto link = add_link(ada.id, "abc123");
  const auto snapshot = this->snapshot();
  ASSERT_TRUE(snapshot);

  add_user("bea");
  domain::LinkChange other_title;
  other_title.title = "another";
  run_blocking_task(this->links().change(link.id, other_title, by(60))).value();

  EXPECT_EQ(names_in(*snapshot), std::vector<std::string>{"ada"});
  EXPECT_EQ(links_in(*snapshot), std::vector<domain::Link>{link});
  EXPECT_EQ(names_in(*this->snapshot()), (std::vector<std::string>{"ada", "bea"}));
}

TEST_F(SqliteSnapshotTest, AnErrorOfTheReaderEndsIt) {
  add_user("ada");
  add_user("bea");
  const auto snapshot = this->snapshot();
  ASSERT_TRUE(snapshot);
  int seen = 0;
  const auto done = snapshot->each_user([&seen](const domain::User&) -> Result<Done> {
    ++seen;
    return Error(ErrorKind::kInvalid, "the disk is full");
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "the disk is full");
  EXPECT_EQ(seen, 1);
  EXPECT_EQ(names_in(*snapshot).size(), 2U) << "and it can be read again";
}

TEST(SqliteSnapshot, RefusesWhatIsNoDatabase) {
  const support::TemporaryFolder folder;
  StoreOptions options;
  options.url = "sqlite:" + folder.file("no.db");
  EXPECT_EQ(backend_of(options).open_snapshot(options).error().message,
            folder.file("no.db") + " does not exist");
  std::ofstream(folder.file("no.db")).close();
  EXPECT_EQ(backend_of(options).open_snapshot(options).error().message,
            folder.file("no.db") + " is empty");
  std::ofstream(folder.file("no.db")) << std::string(5'000, 'x');
  EXPECT_NE(
      backend_of(options).open_snapshot(options).error().message.find("is not a Ginnel database"),
      std::string::npos);
  options.url = "sqlite::memory:";
  EXPECT_NE(backend_of(options).open_snapshot(options).error().message.find("a database in memory"),
            std::string::npos);
  options.url = "mysql://x";
  EXPECT_EQ(backend_of(options).open_snapshot(options).error().kind, ErrorKind::kInvalid);
}

TEST(SqliteSnapshot, RefusesADatabaseThatLacksMigrations) {
  const support::TemporaryFolder folder;
  StoreOptions options;
  options.url = "sqlite:" + folder.file("old.db");
  RecordingListener listener;
  support::open_stores(options, listener).value();
  auto connection = Connection::open(folder.file("old.db"), Connection::Mode::kWrite);
  ASSERT_TRUE(connection);
  ASSERT_TRUE(connection->execute(
      "DELETE FROM schema_migrations WHERE number = (SELECT max(number) FROM schema_migrations);"
      "PRAGMA user_version = 1"));

  const auto snapshot = backend_of(options).open_snapshot(options);

  ASSERT_FALSE(snapshot);
  EXPECT_EQ(snapshot.error().message, "the database lacks migrations: run `ginnel migrate`");
}

}  // namespace
}  // namespace ginnel::storage::sqlite
