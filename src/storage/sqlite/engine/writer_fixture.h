// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "base/run_blocking_task.h"
#include "storage/sqlite/engine/read_gate.h"
#include "storage/sqlite/engine/writer.h"
#include "storage/sqlite/file/database.h"
#include "storage/store_contract.h"
#include "support/temporary_folder.h"

namespace ginnel::storage::sqlite {
using Outcome = std::optional<Result<std::int64_t>>;

/// A listener that keeps `then` until it is told to go on.
class HoldingListener final : public ChangeListener {
 public:
  void forget(change::Forgotten what, Position /*at*/, std::function<void()> then) override {
    codes_ = what.codes();
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

inline constexpr const char* kNotSaved = "The change could not be saved; try again";

/// The message of the error that came, or a note that none did.
inline std::string message_of(const std::shared_ptr<Outcome>& outcome) {
  if (!outcome->has_value()) {
    return "no answer";
  }
  return (*outcome)->has_value() ? "success" : (*outcome)->error().message;
}

inline std::vector<std::string> messages_of(const std::vector<std::shared_ptr<Outcome>>& outcomes) {
  return each(outcomes, message_of);
}

/// Adds a row to `t`.
inline Result<std::int64_t> insert(Transaction& transaction, std::int64_t value) {
  auto done = transaction.database().run("INSERT INTO t (n) VALUES (?)", value);
  if (!done) {
    return std::move(done).error();
  }
  transaction.forget("code" + std::to_string(value));
  return value;
}

/// Holds the writer's thread inside a change until it is opened; then the change adds a row, if a
/// value for it was given.
class Blocker final {
 public:
  auto work(std::optional<std::int64_t> value) {
    return [this, value](Transaction& transaction) -> Result<std::int64_t> {
      started_ = true;
      opened_.wait();
      return value ? insert(transaction, *value) : 0;
    };
  }

  bool started() const { return started_; }
  void open() { open_.set_value(); }

 private:
  std::atomic<bool> started_ = false;
  std::promise<void> open_;
  std::shared_future<void> opened_ = open_.get_future().share();
};

/// A writer with a file of its own, and a loop whose coroutines call it.
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

  static WriterOptions hurried() {
    WriterOptions options = patient();
    options.limit = std::chrono::milliseconds(1);
    return options;
  }

  void TearDown() override {
    writer_.reset();
    loop_.poll();
  }

  void start(ChangeListener& listener, WriterOptions options) {
    writer_.reset();
    folder_.emplace();
    auto database = open_database(Location{path()}, true);
    ASSERT_TRUE(database);
    ASSERT_TRUE(database->connection.execute("CREATE TABLE t (n INTEGER UNIQUE, text TEXT)"));
    writer_.emplace(std::move(database->connection), options, listener, gate_, soundness_);
  }

  std::string path() const { return folder_->file("a.db"); }

  /// Starts `task` on the loop; where its result will be.
  std::shared_ptr<Outcome> begin(Task<Result<std::int64_t>> task) {
    auto outcome = std::make_shared<Outcome>();
    const auto slot = leave_.emplace_back(std::make_unique<asio::cancellation_signal>())->slot();
    spawn(loop_.get_executor(),
          keep(std::move(task), outcome),
          asio::bind_cancellation_slot(slot, [](const std::exception_ptr&) {}));
    loop_.restart();
    loop_.poll();
    return outcome;
  }

  /// Cancels the task that was begun last.
  void leave() {
    leave_.back()->emit(asio::cancellation_type::terminal);
    loop_.restart();
    loop_.poll();
  }

  std::shared_ptr<Outcome> begin_insert(std::int64_t value) {
    return begin(writer_->change([value](Transaction& t) { return insert(t, value); }));
  }

  std::vector<std::shared_ptr<Outcome>> begin_inserts(std::int64_t count) {
    std::vector<std::shared_ptr<Outcome>> outcomes;
    for (std::int64_t value = 0; value < count; ++value) {
      outcomes.push_back(begin_insert(value));
    }
    return outcomes;
  }

  /// Stops the writer's thread inside a change, which adds `value`, until `go_on`.
  std::shared_ptr<Outcome> hold_up(std::optional<std::int64_t> value = {}) {
    blocker_.emplace();
    return hold_up_with([this, value] { return writer_->change(blocker_->work(value)); });
  }

  /// As `hold_up`, with an import.
  std::shared_ptr<Outcome> hold_up_importing(std::int64_t value) {
    blocker_.emplace();
    return hold_up_with([this, value] { return writer_->import(blocker_->work(value)); });
  }

  /// Lets the thread go on, and waits for every answer.
  void go_on() {
    blocker_->open();
    run();
  }

  void run() {
    loop_.restart();
    loop_.run();
  }

  /// What a fresh connection sees.
  std::int64_t rows() {
    auto reader = open_reader(Location{path()});
    return *reader->number("SELECT count(*) FROM t");
  }

  /// Waits until `outcome` is there.
  void wait_for(const std::shared_ptr<Outcome>& outcome) {
    loop_.restart();
    while (!outcome->has_value()) {
      loop_.run_one();
    }
  }

  /// Begins what `call` gives until it runs: with a limit of a millisecond it may expire before.
  template <class Call>
  std::shared_ptr<Outcome> hold_up_with(Call call) {
    while (true) {
      auto outcome = begin(call());
      while (!blocker_->started() && !was_refused(*outcome)) {
        loop_.restart();
        loop_.poll();
        std::this_thread::yield();
      }
      if (blocker_->started()) {
        return outcome;
      }
    }
  }

  /// Whether it will never run. One that timed out was taken, and starts in a moment.
  static bool was_refused(const Outcome& outcome) {
    return outcome && !*outcome && outcome->error().kind == ErrorKind::kUnavailable;
  }

  static Task<void> keep(Task<Result<std::int64_t>> task, std::shared_ptr<Outcome> into) {
    auto result = co_await std::move(task);
    into->emplace(std::move(result));
  }

  RecordingListener listener_;
  ReadGate gate_;
  Soundness soundness_{nullptr};
  std::vector<std::unique_ptr<asio::cancellation_signal>> leave_;  ///< one for each task
  asio::io_context loop_{1};
  std::optional<support::TemporaryFolder> folder_;
  std::optional<Blocker> blocker_;
  std::optional<Writer> writer_;
};

}  // namespace ginnel::storage::sqlite
