// SPDX-License-Identifier: MIT
// What shares a transaction, and what everybody in it hears.
#include "storage/sqlite/engine/writer.h"

#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "storage/sqlite/engine/writer_fixture.h"

namespace ginnel::storage::sqlite {
namespace {

Result<std::int64_t> refuse(Transaction&) {
  return Error(ErrorKind::kConflict, "taken");
}

Result<std::int64_t> fail_the_commit(Transaction& transaction) {
  sqlite3_commit_hook(
      transaction.database().handle(), [](void*) { return 1; }, nullptr);
  return 0;
}

TEST_F(SqliteWriterTest, CommitsWhatWaitsTogether) {
  hold_up();
  const auto outcomes = begin_inserts(100);
  EXPECT_EQ(writer_->queued(), 100U);

  go_on();

  EXPECT_EQ(writer_->writes(), 101U);
  EXPECT_EQ(writer_->commits(), 1U);
  EXPECT_EQ(rows(), 100);
  EXPECT_EQ(messages_of(outcomes), std::vector<std::string>(100, "success"));
}

TEST_F(SqliteWriterTest, CommitsALoneChangeAtOnce) {
  const auto outcome = begin_insert(1);
  run();

  EXPECT_TRUE((*outcome)->has_value());
  EXPECT_EQ(writer_->commits(), 1U);
}

TEST_F(SqliteWriterTest, TakesNoMoreThanItsLimitIntoOneTransaction) {
  WriterOptions options = patient();
  options.batch_jobs = 10;
  start(listener_, options);
  hold_up();
  begin_inserts(29);

  go_on();

  EXPECT_EQ(writer_->commits(), 3U);
  EXPECT_EQ(rows(), 29);
}

TEST_F(SqliteWriterTest, TakesNothingMoreWhenItsTimeIsUp) {
  WriterOptions options = patient();
  options.batch_time = std::chrono::microseconds(0);
  start(listener_, options);
  hold_up();
  begin_inserts(4);

  go_on();

  EXPECT_EQ(writer_->commits(), 5U);
}

TEST_F(SqliteWriterTest, UndoesARefusedChangeAlone) {
  auto half_done = [](Transaction& transaction) -> Result<std::int64_t> {
    insert(transaction, 2).value();
    return Error(ErrorKind::kConflict, "taken");
  };
  hold_up();
  const auto good = begin_insert(1);
  const auto refused = begin(writer_->change(half_done));
  const auto also_good = begin_insert(3);

  go_on();

  EXPECT_EQ(messages_of({good, refused, also_good}),
            (std::vector<std::string>{"success", "taken", "success"}));
  EXPECT_EQ(rows(), 2);
  EXPECT_EQ(listener_.take(), (std::vector<std::vector<std::string>>{{"code1", "code3"}}));
}

TEST_F(SqliteWriterTest, TellsEverybodyUnavailableWhenTheCommitFails) {
  const auto before = hold_up();
  const auto good = begin_insert(1);
  const auto refused = begin(writer_->change(refuse));
  const auto failing = begin(writer_->change(fail_the_commit));

  go_on();

  EXPECT_EQ(messages_of({before, good, refused, failing}), std::vector<std::string>(4, kNotSaved));
  EXPECT_EQ((*refused)->error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(rows(), 0);
  EXPECT_TRUE(listener_.take().empty());
  EXPECT_EQ(writer_->writes(), 0U);
}

TEST_F(SqliteWriterTest, GoesOnAfterACommitThatFailed) {
  auto fail_once = [](Transaction& transaction) -> Result<std::int64_t> {
    sqlite3* handle = transaction.database().handle();
    sqlite3_commit_hook(
        handle,
        [](void* self) {
          sqlite3_commit_hook(static_cast<sqlite3*>(self), nullptr, nullptr);
          return 1;
        },
        handle);
    return insert(transaction, 1);
  };
  const auto failed = begin(writer_->change(fail_once));
  run();
  const auto good = begin_insert(1);
  run();

  EXPECT_EQ(messages_of({failed, good}), (std::vector<std::string>{kNotSaved, "success"}));
  EXPECT_EQ(rows(), 1);
}

TEST_F(SqliteWriterTest, NoticesThatSqliteRolledBackByItself) {
  auto lose_all = [](Transaction& transaction) -> Result<std::int64_t> {
    transaction.database().roll_back();
    return 7;
  };
  hold_up();
  const auto before = begin_insert(1);
  const auto losing = begin(writer_->change(lose_all));
  const auto after = begin_insert(2);

  go_on();

  EXPECT_EQ(messages_of({before, losing, after}),
            (std::vector<std::string>{kNotSaved, kNotSaved, "success"}));
  EXPECT_EQ((*before)->error().detail, "sqlite rolled the transaction back");
  EXPECT_EQ(rows(), 1);
}

/// Fails as on a full disk.
Result<std::int64_t> fill_up(Transaction& transaction) {
  Connection& database = transaction.database();
  database.number("PRAGMA max_page_count = 1").value();
  auto done = database.run("INSERT INTO t (text) VALUES (?)", std::string(1'000'000, 'x'));
  database.number("PRAGMA max_page_count = 1000000").value();
  if (!done) {
    return std::move(done).error();
  }
  return 0;
}

TEST_F(SqliteWriterTest, SurvivesAFullDisk) {
  WriterOptions options = patient();
  options.look_interval = std::chrono::milliseconds(0);  // a commit for trial before each change
  start(listener_, options);
  const auto failed = begin(writer_->change(fill_up));
  run();
  const auto good = begin_insert(1);
  run();

  EXPECT_EQ((*failed)->error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(message_of(good), "success");
}

TEST_F(SqliteWriterTest, TakesNoChangeAfterAFullDiskBeforeACommitForTrial) {
  WriterOptions options = patient();
  options.look_interval = std::chrono::hours(1);
  start(listener_, options);
  const auto failed = begin(writer_->change(fill_up));
  run();
  const auto outcomes = begin_inserts(2);
  run();

  EXPECT_EQ((*failed)->error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(soundness_.reason(), StopReason::kDisk);
  const std::string refusal = soundness_.refusal()->message;
  EXPECT_EQ(messages_of(outcomes), (std::vector<std::string>{refusal, refusal}));
  EXPECT_EQ(rows(), 0);
}

TEST_F(SqliteWriterTest, TakesNoChangeOfADamagedDatabase) {
  soundness_.note_damage("a page");
  const auto outcome = begin_insert(1);
  run();
  EXPECT_EQ(message_of(outcome), soundness_.refusal()->message);
  EXPECT_EQ(rows(), 0);
}

TEST_F(SqliteWriterTest, TurnsAnExceptionIntoAnInternalError) {
  auto throwing = [](Transaction& transaction) -> Result<std::int64_t> {
    insert(transaction, 1).value();
    throw std::runtime_error("a defect");
  };
  const auto outcome = begin(writer_->change(throwing));
  run();

  EXPECT_EQ((*outcome)->error().kind, ErrorKind::kInternal);
  EXPECT_EQ((*outcome)->error().detail, "a defect");
  EXPECT_EQ(rows(), 0);
}

TEST_F(SqliteWriterTest, AnswersOnlyWhenTheListenerHasFinished) {
  HoldingListener listener;
  start(listener, patient());
  const auto outcome = begin_insert(1);

  listener.wait();
  loop_.poll();
  EXPECT_EQ(listener.codes(), std::vector<std::string>{"code1"});
  EXPECT_EQ(rows(), 1);
  EXPECT_FALSE(outcome->has_value());
  listener.go_on();
  run();

  EXPECT_TRUE((*outcome)->has_value());
}

TEST_F(SqliteWriterTest, DoesTheNextChangeWhileTheListenerIsAtWork) {
  HoldingListener listener;
  start(listener, patient());
  const auto held = begin_insert(1);
  listener.wait();

  auto silent = [](Transaction& transaction) -> Result<std::int64_t> {
    return transaction.database().run("INSERT INTO t (n) VALUES (2)") ? 2 : 0;
  };
  const auto next = begin(writer_->change(silent));
  while (!next->has_value()) {
    loop_.run_one();
  }

  EXPECT_FALSE(held->has_value());
  listener.go_on();
  run();
}

TEST_F(SqliteWriterTest, UndoesAnImportThatFails) {
  auto failing = [](Transaction& transaction) -> Result<std::int64_t> {
    insert(transaction, 1).value();
    return Error(ErrorKind::kInvalid, "line 2");
  };
  const auto outcome = begin(writer_->import(failing));
  run();

  EXPECT_EQ((*outcome)->error().message, "line 2");
  EXPECT_EQ(rows(), 0);
  EXPECT_TRUE(listener_.take().empty());
}

TEST_F(SqliteWriterTest, ShipsAfterTheChangesThatWait) {
  auto count = [](Transaction& transaction) {
    return transaction.database().number("SELECT count(*) FROM t");
  };
  WriterOptions options = patient();
  options.ship_patience = std::chrono::hours(1);
  start(listener_, options);
  hold_up();
  const auto shipped = begin(writer_->ship(count));
  const auto changes = begin_inserts(3);

  go_on();

  EXPECT_EQ((*shipped)->value(), 3);
  EXPECT_EQ(writer_->commits(), 2U);
}

TEST_F(SqliteWriterTest, ShipsBeforeTheChangesWhenItHasWaitedLongEnough) {
  auto count = [](Transaction& transaction) {
    return transaction.database().number("SELECT count(*) FROM t");
  };
  WriterOptions options = patient();
  options.ship_patience = std::chrono::milliseconds(0);
  options.batch_jobs = 1;  // nothing joins the change that holds the writer up
  start(listener_, options);
  hold_up();
  const auto changes = begin_inserts(3);
  const auto shipped = begin(writer_->ship(count));

  go_on();

  EXPECT_EQ((*shipped)->value(), 0);
  EXPECT_EQ(rows(), 3);
}

TEST_F(SqliteWriterTest, UndoesAShipmentThatFailsAndNothingElse) {
  auto failing = [](Transaction& transaction) -> Result<std::int64_t> {
    insert(transaction, 7).value();
    return Error(ErrorKind::kInternal, "a defect");
  };
  hold_up(1);
  const auto failed = begin(writer_->ship(failing));

  go_on();

  EXPECT_EQ((*failed)->error().message, "a defect");
  EXPECT_EQ(rows(), 1);
}

TEST_F(SqliteWriterTest, CutsTheLogWhenAChangeAsksForIt) {
  begin_insert(1);
  run();
  EXPECT_GT(std::filesystem::file_size(path() + "-wal"), 0U);
  auto secret = [](Transaction& transaction) {
    transaction.cut_log();
    return insert(transaction, 2);
  };
  begin(writer_->change(secret));
  const auto after = begin(writer_->read([this](Connection&) -> Result<std::int64_t> {
    return static_cast<std::int64_t>(std::filesystem::file_size(path() + "-wal"));
  }));
  run();

  EXPECT_EQ((*after)->value(), 0);
  EXPECT_EQ(rows(), 2);
}

TEST_F(SqliteWriterTest, ReadsBetweenTransactions) {
  const auto inserted = begin_insert(1);
  const auto counted = begin(writer_->read(
      [](Connection& database) { return database.number("SELECT count(*) FROM t"); }));
  run();

  EXPECT_EQ((*counted)->value(), 1);
}

}  // namespace
}  // namespace ginnel::storage::sqlite
