// SPDX-License-Identifier: MIT
#include "storage/sqlite/sqlite_writer.h"

#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "storage/sqlite/sqlite_database.h"
#include "storage/sqlite/temporary_folder.h"
#include "storage/store_contract.h"
#include "support/run_task.h"

namespace ginnel::storage {
namespace {

using Outcome = std::optional<Result<std::int64_t>>;

/// A listener that keeps `then` until it is told to go on.
class HoldingListener final : public ChangeListener {
 public:
  void forget(std::vector<std::string> codes, std::function<void()> then) override {
    codes_ = std::move(codes);
    then_ = std::move(then);
    heard_.set_value();
  }

  void wait() { heard_.get_future().wait(); }
  const std::vector<std::string>& codes() const { return codes_; }
  void go_on() { std::exchange(then_, nullptr)(); }

 private:
  std::vector<std::string> codes_;
  std::function<void()> then_;
  std::promise<void> heard_;
};

constexpr const char* kNotSaved = "The change could not be saved; try again";

bool succeeded(const std::shared_ptr<Outcome>& outcome) {
  return outcome->has_value() && (*outcome)->has_value();
}

/// The message of the error that came, or a note that none did.
std::string message_of(const std::shared_ptr<Outcome>& outcome) {
  if (!outcome->has_value()) {
    return "no answer";
  }
  return (*outcome)->has_value() ? "success" : (*outcome)->error().message;
}

/// Adds a row to `t`.
Result<std::int64_t> insert(SqliteTransaction& transaction, std::int64_t value) {
  auto done = transaction.database().run("INSERT INTO t (n) VALUES (?)", value);
  if (!done) {
    return std::move(done).error();
  }
  transaction.forget("code" + std::to_string(value));
  return value;
}

/// Keeps the writer's thread busy from its start until `open`.
class Blocker final {
 public:
  auto work() {
    return [this](SqliteTransaction&) -> Result<std::int64_t> {
      started_.set_value();
      opened_.wait();
      return 0;
    };
  }

  void wait() { started_.get_future().wait(); }
  void open() { open_.set_value(); }

 private:
  std::promise<void> started_;
  std::promise<void> open_;
  std::shared_future<void> opened_ = open_.get_future().share();
};

class SqliteWriterTest : public testing::Test {
 protected:
  void SetUp() override { start(listener_, patient()); }

  /// No batch ends for want of time: what waits together is committed together, on any machine.
  static WriterOptions patient() {
    WriterOptions options;
    options.limit = std::chrono::minutes(1);
    options.batch_time = std::chrono::minutes(1);
    return options;
  }

  void TearDown() override {
    writer_.reset();
    loop_.poll();
  }

  void start(ChangeListener& listener, WriterOptions options) {
    writer_.reset();
    folder_.emplace();
    auto database = open_sqlite(SqliteLocation{path()}, true);
    ASSERT_TRUE(database);
    ASSERT_TRUE(database->connection.execute("CREATE TABLE t (n INTEGER UNIQUE, text TEXT)"));
    writer_.emplace(std::move(database->connection), options, listener, gate_);
  }

  std::string path() const { return folder_->file("a.db"); }

  /// Starts `task` on the loop; where its result will be.
  std::shared_ptr<Outcome> begin(Task<Result<std::int64_t>> task) {
    auto outcome = std::make_shared<Outcome>();
    spawn(loop_.get_executor(), keep(std::move(task), outcome), [](const std::exception_ptr&) {});
    loop_.restart();
    loop_.poll();
    return outcome;
  }

  std::shared_ptr<Outcome> begin_insert(std::int64_t value) {
    return begin(writer_->change([value](SqliteTransaction& t) { return insert(t, value); }));
  }

  void run() {
    loop_.restart();
    loop_.run();
  }

  /// What a fresh connection sees.
  std::int64_t rows() {
    auto reader = open_sqlite_reader(SqliteLocation{path()});
    return *reader->number("SELECT count(*) FROM t");
  }

  static Task<void> keep(Task<Result<std::int64_t>> task, std::shared_ptr<Outcome> into) {
    auto result = co_await std::move(task);
    into->emplace(std::move(result));
  }

  RecordingListener listener_;
  ReadGate gate_;
  asio::io_context loop_{1};
  std::optional<TemporaryFolder> folder_;
  std::optional<SqliteWriter> writer_;
};

TEST_F(SqliteWriterTest, CommitsWhatWaitsTogether) {
  Blocker blocker;
  const auto first = begin(writer_->change(blocker.work()));
  blocker.wait();
  std::vector<std::shared_ptr<Outcome>> outcomes;
  for (std::int64_t value = 0; value < 100; ++value) {
    outcomes.push_back(begin_insert(value));
  }
  EXPECT_EQ(writer_->queued(), 100U);

  blocker.open();
  run();

  EXPECT_EQ(writer_->writes(), 101U);
  EXPECT_EQ(writer_->commits(), 1U);
  EXPECT_EQ(rows(), 100);
  EXPECT_EQ((*outcomes[42])->value(), 42);
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
  Blocker blocker;
  const auto first = begin(writer_->change(blocker.work()));
  blocker.wait();
  for (std::int64_t value = 0; value < 29; ++value) {
    begin_insert(value);
  }

  blocker.open();
  run();

  EXPECT_EQ(writer_->commits(), 3U);
  EXPECT_EQ(rows(), 29);
}

TEST_F(SqliteWriterTest, TakesNothingMoreWhenItsTimeIsUp) {
  WriterOptions options = patient();
  options.batch_time = std::chrono::microseconds(0);
  start(listener_, options);
  Blocker blocker;
  const auto first = begin(writer_->change(blocker.work()));
  blocker.wait();
  for (std::int64_t value = 0; value < 4; ++value) {
    begin_insert(value);
  }

  blocker.open();
  run();

  EXPECT_EQ(writer_->commits(), 5U);
}

TEST_F(SqliteWriterTest, UndoesARefusedChangeAlone) {
  auto half_done = [](SqliteTransaction& transaction) -> Result<std::int64_t> {
    insert(transaction, 2).value();
    return Error(ErrorKind::kConflict, "taken");
  };
  Blocker blocker;
  const auto first = begin(writer_->change(blocker.work()));
  blocker.wait();
  const auto good = begin_insert(1);
  const auto refused = begin(writer_->change(half_done));
  const auto also_good = begin_insert(3);

  blocker.open();
  run();

  EXPECT_TRUE(succeeded(good));
  EXPECT_EQ(message_of(refused), "taken");
  EXPECT_TRUE(succeeded(also_good));
  EXPECT_EQ(rows(), 2);
  EXPECT_EQ(listener_.take(), (std::vector<std::vector<std::string>>{{"code1", "code3"}}));
}

TEST_F(SqliteWriterTest, TellsEverybodyUnavailableWhenTheCommitFails) {
  auto fail_the_commit = [](SqliteTransaction& transaction) -> Result<std::int64_t> {
    sqlite3_commit_hook(
        transaction.database().handle(), [](void*) { return 1; }, nullptr);
    return 0;
  };
  Blocker blocker;
  const auto before = begin(writer_->change(blocker.work()));
  blocker.wait();
  const auto good = begin_insert(1);
  auto refusal = [](SqliteTransaction&) -> Result<std::int64_t> {
    return Error(ErrorKind::kConflict, "taken");
  };
  const auto refused = begin(writer_->change(refusal));
  const auto failing = begin(writer_->change(fail_the_commit));

  blocker.open();
  run();

  for (const auto& outcome : {before, good, refused, failing}) {
    EXPECT_EQ(message_of(outcome), kNotSaved);
  }
  EXPECT_EQ((*refused)->error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(rows(), 0);
  EXPECT_TRUE(listener_.take().empty());
  EXPECT_EQ(writer_->writes(), 0U);
}

TEST_F(SqliteWriterTest, GoesOnAfterACommitThatFailed) {
  auto fail_once = [](SqliteTransaction& transaction) -> Result<std::int64_t> {
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

  EXPECT_FALSE((*failed)->has_value());
  EXPECT_TRUE((*good)->has_value());
  EXPECT_EQ(rows(), 1);
}

TEST_F(SqliteWriterTest, NoticesThatSqliteRolledBackByItself) {
  auto lose_all = [](SqliteTransaction& transaction) -> Result<std::int64_t> {
    transaction.database().roll_back();
    return 7;
  };
  Blocker blocker;
  const auto first = begin(writer_->change(blocker.work()));
  blocker.wait();
  const auto before = begin_insert(1);
  const auto losing = begin(writer_->change(lose_all));
  const auto after = begin_insert(2);

  blocker.open();
  run();

  EXPECT_EQ(message_of(before), kNotSaved);
  EXPECT_EQ(message_of(losing), kNotSaved);
  EXPECT_TRUE(succeeded(after));
  EXPECT_EQ(rows(), 1);
}

TEST_F(SqliteWriterTest, SurvivesAFullDisk) {
  auto fill_up = [](SqliteTransaction& transaction) -> Result<std::int64_t> {
    SqliteConnection& database = transaction.database();
    database.number("PRAGMA max_page_count = 1").value();
    auto done = database.run("INSERT INTO t (text) VALUES (?)", std::string(1'000'000, 'x'));
    database.number("PRAGMA max_page_count = 1000000").value();
    if (!done) {
      return std::move(done).error();
    }
    return 0;
  };
  const auto failed = begin(writer_->change(fill_up));
  run();
  const auto good = begin_insert(1);
  run();

  EXPECT_EQ((*failed)->error().kind, ErrorKind::kUnavailable);
  EXPECT_TRUE((*good)->has_value());
}

TEST_F(SqliteWriterTest, TurnsAnExceptionIntoAnInternalError) {
  auto throwing = [](SqliteTransaction& transaction) -> Result<std::int64_t> {
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

  auto silent = [](SqliteTransaction& transaction) -> Result<std::int64_t> {
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

TEST_F(SqliteWriterTest, RefusesWhatIsOverItsQueueAtOnce) {
  WriterOptions options = patient();
  options.queue_limit = 2;
  start(listener_, options);
  Blocker blocker;
  const auto first = begin(writer_->change(blocker.work()));
  blocker.wait();
  const auto second = begin_insert(1);
  const auto third = begin_insert(2);

  const auto over = begin_insert(3);

  EXPECT_EQ((*over)->error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(writer_->refused(), 1U);
  blocker.open();
  run();
  EXPECT_TRUE((*third)->has_value());
  EXPECT_EQ(rows(), 2);
}

TEST_F(SqliteWriterTest, NeverRunsWhatWaitedTooLong) {
  WriterOptions options = patient();
  options.limit = std::chrono::milliseconds(1);
  start(listener_, options);
  Blocker blocker;
  const auto first = begin(writer_->change(blocker.work()));
  blocker.wait();
  const auto late = begin_insert(1);
  while (!late->has_value()) {
    loop_.run_one();
  }

  EXPECT_EQ((*late)->error().kind, ErrorKind::kUnavailable);
  blocker.open();
  run();
  EXPECT_EQ(rows(), 0);
  EXPECT_TRUE(listener_.take().empty());
}

TEST_F(SqliteWriterTest, SaysTimeoutForWhatMayStillCommitAndForgetsItsCode) {
  WriterOptions options = patient();
  options.limit = std::chrono::milliseconds(1);
  start(listener_, options);
  std::promise<void> open;
  auto slow = [&open](SqliteTransaction& transaction) {
    open.get_future().wait();
    return insert(transaction, 1);
  };
  const auto outcome = begin(writer_->change(slow));
  while (!outcome->has_value()) {
    loop_.run_one();
  }
  EXPECT_EQ((*outcome)->error().kind, ErrorKind::kTimeout);

  open.set_value();
  run();

  EXPECT_EQ(rows(), 1);
  EXPECT_EQ(listener_.take(), (std::vector<std::vector<std::string>>{{"code1"}}));
}

/// Begins `task` so that `signal` cancels it.
std::shared_ptr<Outcome> begin_cancellable(asio::io_context& loop,
                                           Task<void> task,
                                           asio::cancellation_signal& signal,
                                           std::shared_ptr<Outcome> outcome) {
  spawn(loop.get_executor(),
        std::move(task),
        asio::bind_cancellation_slot(signal.slot(), [](const std::exception_ptr&) {}));
  loop.restart();
  loop.poll();
  return outcome;
}

TEST_F(SqliteWriterTest, ForgetsTheCodeOfACallerThatLeft) {
  HoldingListener listener;
  start(listener, patient());
  Blocker blocker;
  auto slow = [wait = blocker.work()](SqliteTransaction& transaction) mutable {
    wait(transaction).value();
    return insert(transaction, 1);
  };
  asio::cancellation_signal signal;
  auto outcome = std::make_shared<Outcome>();
  auto task = keep(writer_->change(slow), outcome);
  begin_cancellable(loop_, std::move(task), signal, outcome);
  blocker.wait();

  signal.emit(asio::cancellation_type::terminal);
  loop_.poll();
  ASSERT_TRUE(outcome->has_value());
  EXPECT_EQ((*outcome)->error().kind, ErrorKind::kTimeout);
  blocker.open();
  listener.wait();

  EXPECT_EQ(rows(), 1);
  listener.go_on();
  run();
}

TEST_F(SqliteWriterTest, NeverRunsWhatWasCancelledInTheQueue) {
  Blocker blocker;
  const auto first = begin(writer_->change(blocker.work()));
  blocker.wait();
  asio::cancellation_signal signal;
  auto outcome = std::make_shared<Outcome>();
  auto change = writer_->change([](SqliteTransaction& t) { return insert(t, 1); });
  begin_cancellable(loop_, keep(std::move(change), outcome), signal, outcome);

  signal.emit(asio::cancellation_type::terminal);
  loop_.poll();

  ASSERT_TRUE(outcome->has_value());
  EXPECT_EQ((*outcome)->error().kind, ErrorKind::kUnavailable);
  blocker.open();
  run();
  EXPECT_EQ(rows(), 0);
}

TEST_F(SqliteWriterTest, WaitsForAnImportThatHasBegun) {
  WriterOptions options = patient();
  options.limit = std::chrono::milliseconds(1);
  start(listener_, options);
  std::promise<void> begun;
  auto slow = [&begun](SqliteTransaction& transaction) {
    begun.set_value();
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(3);
    while (std::chrono::steady_clock::now() < end) {
      insert(transaction, std::chrono::steady_clock::now().time_since_epoch().count()).value();
    }
    return insert(transaction, 1);
  };
  asio::cancellation_signal signal;
  auto outcome = std::make_shared<Outcome>();
  begin_cancellable(loop_, keep(writer_->import(slow), outcome), signal, outcome);
  begun.get_future().wait();
  signal.emit(asio::cancellation_type::terminal);
  run();

  ASSERT_TRUE(outcome->has_value());
  EXPECT_TRUE((*outcome)->has_value());
}

TEST_F(SqliteWriterTest, UndoesAnImportThatFails) {
  auto failing = [](SqliteTransaction& transaction) -> Result<std::int64_t> {
    insert(transaction, 1).value();
    return Error(ErrorKind::kInvalid, "line 2");
  };
  const auto outcome = begin(writer_->import(failing));
  run();

  EXPECT_EQ((*outcome)->error().message, "line 2");
  EXPECT_EQ(rows(), 0);
  EXPECT_TRUE(listener_.take().empty());
}

TEST_F(SqliteWriterTest, ReadsBetweenTransactions) {
  const auto inserted = begin_insert(1);
  const auto counted = begin(writer_->read(
      [](SqliteConnection& database) { return database.number("SELECT count(*) FROM t"); }));
  run();

  EXPECT_EQ((*counted)->value(), 1);
}

TEST_F(SqliteWriterTest, FinishesWhatIsQueuedAtItsEnd) {
  Blocker blocker;
  const auto first = begin(writer_->change(blocker.work()));
  blocker.wait();
  const auto second = begin_insert(1);
  const auto third = begin_insert(2);

  blocker.open();
  writer_.reset();
  run();

  EXPECT_TRUE((*third)->has_value());
  EXPECT_EQ(rows(), 2);
}

}  // namespace
}  // namespace ginnel::storage
