// SPDX-License-Identifier: MIT
// A transaction that stays open, and every way in which it ends.
#include "storage/sqlite/engine/open_transaction.h"

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "storage/sqlite/engine/writer_fixture.h"

namespace ginnel::storage::sqlite {
namespace {

class OpenTransactionTest : public SqliteWriterTest {
 protected:
  Result<std::unique_ptr<OpenTransaction>> open() {
    return run_blocking_task(loop_, writer_->open());
  }

  static auto inserting(std::int64_t value) {
    return [value](Transaction& transaction) { return insert(transaction, value); };
  }

  static Result<std::int64_t> refuse(Transaction& transaction) {
    insert(transaction, 77).value();
    return Error(ErrorKind::kConflict, "taken");
  }

  template <class Work>
  std::string told(OpenTransaction& transaction, Work work) {
    return message_of(answered(transaction.run(std::move(work))));
  }

  std::string told_of_commit(OpenTransaction& transaction) {
    return message_of(answered(transaction.commit(inserting(99))));
  }

  std::shared_ptr<Outcome> answered(Task<Result<std::int64_t>> task) {
    auto outcome = begin(std::move(task));
    wait_for(outcome);
    return outcome;
  }

  /// Whether the next change goes through, alone.
  void expect_others_go_on(std::int64_t rows_after) {
    EXPECT_EQ(message_of(answered(writer_->change(inserting(1)))), "success");
    EXPECT_EQ(rows(), rows_after);
    EXPECT_EQ(listener_.take(), (std::vector<std::vector<std::string>>{{"code1"}}));
  }
};

TEST_F(OpenTransactionTest, CommitsItsJobsTogether) {
  const auto transaction = open().value();
  EXPECT_EQ(told(*transaction, inserting(1)), "success");
  EXPECT_EQ(told(*transaction, inserting(2)), "success");
  EXPECT_EQ(rows(), 0);
  EXPECT_TRUE(listener_.take().empty());

  EXPECT_EQ(told_of_commit(*transaction), "success");

  EXPECT_EQ(rows(), 3);
  EXPECT_EQ(listener_.take(),
            (std::vector<std::vector<std::string>>{{"code1", "code2", "code99"}}));
  EXPECT_EQ(writer_->writes(), 1U);
  EXPECT_EQ(writer_->commits(), 1U);
  EXPECT_NE(told(*transaction, inserting(3)), "success") << "it is over";
}

TEST_F(OpenTransactionTest, HasOtherChangesWait) {
  const auto transaction = open().value();
  const auto change = begin_insert(1);
  const auto shipment = begin(writer_->ship(inserting(2)));
  EXPECT_EQ(told(*transaction, inserting(3)), "success");
  EXPECT_FALSE(change->has_value() || shipment->has_value());

  EXPECT_EQ(told_of_commit(*transaction), "success");
  run();

  EXPECT_EQ(messages_of({change, shipment}), std::vector<std::string>(2, "success"));
  EXPECT_EQ(rows(), 4);
}

TEST_F(OpenTransactionTest, HasASecondOneWait) {
  auto first = open().value();
  std::unique_ptr<OpenTransaction> second;
  auto opening = [](Writer& writer, std::unique_ptr<OpenTransaction>& into) -> Task<void> {
    auto opened = co_await writer.open();
    into = std::move(opened).value();
  };
  spawn(loop_.get_executor(), opening(*writer_, second), [](const std::exception_ptr&) {});
  EXPECT_EQ(told(*first, inserting(1)), "success");
  EXPECT_EQ(second, nullptr);

  EXPECT_EQ(told_of_commit(*first), "success");
  run();

  ASSERT_NE(second, nullptr);
  EXPECT_EQ(told(*second, inserting(2)), "success");
  second = nullptr;
  EXPECT_EQ(rows(), 2);
}

TEST_F(OpenTransactionTest, IsUndoneWithItsHolder) {
  auto transaction = open().value();
  EXPECT_EQ(told(*transaction, inserting(1)), "success");
  transaction = nullptr;
  expect_others_go_on(1);
}

TEST_F(OpenTransactionTest, IsUndoneWhenItsCoroutineIsCancelled) {
  bool holds = false;
  auto holding = [&holds](Writer& writer) -> Task<Result<std::int64_t>> {
    auto transaction = co_await writer.open();
    auto added = co_await (*transaction)->run(inserting(1));
    holds = true;
    asio::steady_timer never(co_await asio::this_coro::executor,
                             asio::steady_timer::time_point::max());
    co_await never.async_wait(asio::use_awaitable);
    co_return added;
  };
  begin(holding(*writer_));
  while (!holds) {
    loop_.restart();
    loop_.run_one();
  }
  const auto waiting = begin_insert(2);
  leave_.front()->emit(asio::cancellation_type::terminal);
  run();

  EXPECT_EQ(message_of(waiting), "success");
  EXPECT_EQ(rows(), 1);
}

TEST_F(OpenTransactionTest, IsNeverOpenedForACallerThatLeft) {
  hold_up();
  std::unique_ptr<OpenTransaction> transaction;
  auto opening = [&transaction](Writer& writer) -> Task<Result<std::int64_t>> {
    auto opened = co_await writer.open();
    if (!opened) {
      co_return std::move(opened).error();
    }
    transaction = std::move(*opened);
    co_return 0;
  };
  const auto outcome = begin(opening(*writer_));
  leave();
  wait_for(outcome);
  EXPECT_EQ((*outcome)->error().kind, ErrorKind::kUnavailable);

  go_on();

  expect_others_go_on(1);
}

TEST_F(OpenTransactionTest, IsUndoneByAJobThatFails) {
  const auto transaction = open().value();
  EXPECT_EQ(told(*transaction, inserting(1)), "success");
  EXPECT_EQ(told(*transaction, refuse), "taken");
  EXPECT_NE(told_of_commit(*transaction), "success");
  expect_others_go_on(1);
}

TEST_F(OpenTransactionTest, IsUndoneByALastJobThatFails) {
  const auto transaction = open().value();
  EXPECT_EQ(told(*transaction, inserting(1)), "success");
  EXPECT_EQ(message_of(answered(transaction->commit(refuse))), "taken");
  expect_others_go_on(1);
}

TEST_F(OpenTransactionTest, IsUndoneWhenItsHolderIsSilentAndOthersWait) {
  WriterOptions options = patient();
  options.silence = std::chrono::milliseconds(20);
  start(listener_, options);
  std::unique_ptr<OpenTransaction> transaction;
  do {  // on a busy machine its first job may come too late
    transaction = open().value();
  } while (told(*transaction, inserting(1)) != "success");

  expect_others_go_on(1);

  const auto late = answered(transaction->run(inserting(2)));
  EXPECT_EQ((*late)->error().kind, ErrorKind::kTimeout);
  EXPECT_EQ(message_of(late), "The import took too long; nothing was imported");
}

TEST_F(OpenTransactionTest, MayBeSilentWhileNobodyWaits) {
  OpenJobs jobs;
  int asked = 0;
  const auto others_wait = [&asked] { return ++asked == 3; };

  EXPECT_EQ(jobs.wait(std::chrono::milliseconds(0), others_wait), nullptr);

  EXPECT_EQ(asked, 3);
  EXPECT_EQ(jobs.queue.refusal().kind, ErrorKind::kTimeout);
}

TEST_F(OpenTransactionTest, IsUndoneWhenTheWriterEnds) {
  const auto transaction = open().value();
  EXPECT_EQ(told(*transaction, inserting(1)), "success");
  const auto queued = begin_insert(2);

  writer_.reset();
  run();

  EXPECT_EQ(message_of(queued), "success");
  EXPECT_EQ(rows(), 1);
  const auto late = answered(transaction->run(inserting(3)));
  EXPECT_EQ((*late)->error().kind, ErrorKind::kUnavailable);
}

TEST_F(OpenTransactionTest, OpensForNothingWhenTheWriterEnds) {
  hold_up();
  std::optional<Result<std::unique_ptr<OpenTransaction>>> opened;
  auto opening = [](Writer& writer,
                    std::optional<Result<std::unique_ptr<OpenTransaction>>>& into) -> Task<void> {
    auto given = co_await writer.open();
    into.emplace(std::move(given));
  };
  spawn(loop_.get_executor(), opening(*writer_, opened), [](const std::exception_ptr&) {});
  loop_.restart();
  loop_.poll();

  blocker_->open();
  writer_.reset();
  run();

  ASSERT_TRUE(opened && *opened);
  EXPECT_NE(told(***opened, inserting(1)), "success");
  EXPECT_EQ(rows(), 0);
}

TEST_F(OpenTransactionTest, IsUndoneByAFullDisk) {
  const auto transaction = open().value();
  EXPECT_EQ(told(*transaction, inserting(1)), "success");
  auto fill_up = [](Transaction& t) -> Result<std::int64_t> {
    t.database().number("PRAGMA max_page_count = 1").value();
    auto done = t.database().run("INSERT INTO t (text) VALUES (?)", std::string(1'000'000, 'x'));
    t.database().number("PRAGMA max_page_count = 1000000").value();
    return done ? Result<std::int64_t>(0) : std::move(done).error();
  };
  const auto failed = answered(transaction->run(fill_up));

  EXPECT_EQ((*failed)->error().kind, ErrorKind::kUnavailable);
  EXPECT_NE(told_of_commit(*transaction), "success");
  EXPECT_EQ(soundness_.reason(), StopReason::kDisk);
  EXPECT_EQ(rows(), 0);
}

TEST_F(OpenTransactionTest, IsUndoneByADatabaseThatMayBeReadOnly) {
  const auto transaction = open().value();
  EXPECT_EQ(told(*transaction, inserting(1)), "success");
  auto lock = [](Transaction& t) -> Result<std::int64_t> {
    return t.database().execute("PRAGMA query_only = 1") ? 0 : 1;
  };
  EXPECT_EQ(told(*transaction, lock), "success");
  EXPECT_NE(told(*transaction, inserting(2)), "success");
  EXPECT_NE(told_of_commit(*transaction), "success");
  EXPECT_EQ(rows(), 0);
}

TEST_F(OpenTransactionTest, NoticesThatSqliteRolledBackByItself) {
  const auto transaction = open().value();
  EXPECT_EQ(told(*transaction, inserting(1)), "success");
  auto lose_all = [](Transaction& t) -> Result<std::int64_t> {
    t.database().roll_back();
    return 7;
  };
  EXPECT_EQ(told(*transaction, lose_all), kNotSaved);
  EXPECT_NE(told(*transaction, inserting(2)), "success");
  expect_others_go_on(1);
}

TEST_F(OpenTransactionTest, IsRefusedWhenItsCommitFails) {
  const auto transaction = open().value();
  EXPECT_EQ(told(*transaction, inserting(1)), "success");
  auto fail = [](Transaction& t) -> Result<std::int64_t> {
    sqlite3_commit_hook(
        t.database().handle(), [](void*) { return 1; }, nullptr);
    return 0;
  };
  EXPECT_EQ(message_of(answered(transaction->commit(fail))), kNotSaved);
  EXPECT_EQ(rows(), 0);
  EXPECT_TRUE(listener_.take().empty());
}

TEST_F(OpenTransactionTest, IsNotOpenedWhileChangesAreRefused) {
  soundness_.note_damage("a page");
  const auto refused = open();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, soundness_.refusal()->message);
}

}  // namespace
}  // namespace ginnel::storage::sqlite
