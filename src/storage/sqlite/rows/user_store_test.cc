// SPDX-License-Identifier: MIT
#include "storage/sqlite/rows/user_store.h"

#include <exception>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "storage/sqlite/engine/connection.h"
#include "storage/store_contract.h"
#include "support/temporary_folder.h"

namespace ginnel::storage::sqlite {
namespace {

class SqliteUserStoreTest : public StoreFixture {
 protected:
  Result<std::unique_ptr<storage::Stores>> open(ChangeListener& listener) override {
    auto opened = open_patiently("sqlite::memory:", listener);
    opened_ = opened ? opened->get() : nullptr;
    return opened;
  }

  /// Begins a call on the loop; its name is in `ended` once it has succeeded.
  template <class T>
  void begin(const std::string& name, Task<Result<T>> call) {
    auto note =
        [](std::string of, Task<Result<T>> task, std::vector<std::string>& into) -> Task<void> {
      const auto result = co_await std::move(task);
      into.push_back(result ? of : result.error().message);
    };
    spawn(loop_.get_executor(), note(name, std::move(call), ended_), [](const std::exception_ptr&) {
    });
  }

  Stores* opened_ = nullptr;
  asio::io_context loop_;
  std::vector<std::string> ended_;
};

// A sequence that is behind its rows is a damage; what was not made must not be said to be.
TEST(SqliteUserStore, DoesNotSayThatItMadeWhatWasRefused) {
  support::TemporaryFolder folder;
  RecordingListener listener;
  const std::string path = folder.file("ginnel.db");
  const auto stores = open_patiently("sqlite:" + path, listener).value();
  run_blocking_task(stores->users().insert({"ada", "ada@example.org"}, {})).value();
  auto other = Connection::open(path, Connection::Mode::kWrite);
  other->execute("UPDATE sqlite_sequence SET seq = 0 WHERE name = 'users'").value();

  const auto made = run_blocking_task(stores->users().insert({"bea", "bea@example.org"}, {}));

  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().kind, ErrorKind::kInternal);
  EXPECT_EQ(run_blocking_task(stores->users().list({}, {}))->rows.size(), 1U);
}

// It takes three transactions; what comes during the first is in the second at the latest.
TEST_F(SqliteUserStoreTest, LetsOthersChangeSomethingWhileItDeletesManyLinks) {
  const auto ada = add_user("ada");
  const auto bea = add_user("bea");
  for (int i = 0; i < 1'200; ++i) {
    add_link(ada.id, "many" + std::to_string(i));
  }

  begin("deleted", users().remove(ada.id, by(9)));
  begin("inserted", links().insert(draft_of(bea.id, "hers01"), by(9)));
  loop_.run();

  EXPECT_EQ(ended_, (std::vector<std::string>{"inserted", "deleted"}));
}

TEST_F(SqliteUserStoreTest, BreaksOffADeletionBetweenTwoTransactionsWhenTheProcessEnds) {
  const auto ada = add_user("ada");
  const auto bea = add_user("bea");
  for (int i = 0; i < 700; ++i) {
    add_link(ada.id, "many" + std::to_string(i));
  }
  add_link(bea.id, "hers01");
  opened_->hurry();

  begin("bea", users().remove(bea.id, by(9)));
  begin("ada", users().remove(ada.id, by(9)));
  loop_.run();

  const std::string broken_off =
      "The server ends; some of the user's links are deleted, so do it again";
  EXPECT_EQ(ended_, (std::vector<std::string>{"bea", broken_off}));
  LinkQuery left;
  left.limit = 1'000;
  EXPECT_EQ(run_blocking_task(links().list(left, {}))->rows.size(), 200U);
  EXPECT_TRUE(*run_blocking_task(users().find(ada.id, {})));
}

}  // namespace
}  // namespace ginnel::storage::sqlite
