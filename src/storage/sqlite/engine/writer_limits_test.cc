// SPDX-License-Identifier: MIT
// Full queues, deadlines, callers that leave, and the end.
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/cancellation_signal.hpp>
#include <gtest/gtest.h>

#include "storage/sqlite/engine/writer.h"
#include "storage/sqlite/engine/writer_fixture.h"
#include "support/deadline.h"

namespace ginnel::storage::sqlite {
namespace {

TEST_F(SqliteWriterTest, RefusesWhatIsOverItsQueueAtOnce) {
  WriterOptions options = patient();
  options.queue_limit = 2;
  start(listener_, options);
  hold_up();
  const auto second = begin_insert(1);
  const auto third = begin_insert(2);

  const auto over = begin_insert(3);

  EXPECT_EQ((*over)->error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(writer_->refused(), 1U);
  go_on();
  EXPECT_TRUE((*third)->has_value());
  EXPECT_EQ(rows(), 2);
}

TEST_F(SqliteWriterTest, NeverRunsWhatWaitedTooLong) {
  start(listener_, hurried());
  hold_up();
  const auto late = begin_insert(1);
  wait_for(late);

  EXPECT_EQ((*late)->error().kind, ErrorKind::kUnavailable);
  go_on();
  EXPECT_EQ(rows(), 0);
  EXPECT_TRUE(listener_.take().empty());
}

TEST_F(SqliteWriterTest, SaysTimeoutForWhatMayStillCommitAndForgetsItsCode) {
  start(listener_, hurried());
  const auto slow = hold_up(1);
  wait_for(slow);
  EXPECT_EQ((*slow)->error().kind, ErrorKind::kTimeout);

  go_on();

  EXPECT_EQ(rows(), 1);
  EXPECT_EQ(listener_.take(), (std::vector<std::vector<std::string>>{{"code1"}}));
}

TEST_F(SqliteWriterTest, EndsWithTheDeadlineOfItsCaller) {
  const auto held = hold_up();
  auto change = writer_->change([](Transaction& t) { return insert(t, 1); });
  const auto late = begin(support::with_deadline(std::chrono::milliseconds(1), std::move(change)));
  wait_for(late);

  EXPECT_EQ((*late)->error().kind, ErrorKind::kTimeout);
  go_on();
  EXPECT_EQ(rows(), 0);
  EXPECT_EQ(messages_of({held}), std::vector<std::string>{"success"});
}

TEST_F(SqliteWriterTest, ForgetsTheCodeOfACallerThatLeft) {
  const auto slow = hold_up(1);
  leave();
  wait_for(slow);
  EXPECT_EQ((*slow)->error().kind, ErrorKind::kTimeout);

  go_on();

  EXPECT_EQ(rows(), 1);
  EXPECT_EQ(listener_.take(), (std::vector<std::vector<std::string>>{{"code1"}}));
}

TEST_F(SqliteWriterTest, NeverRunsWhatWasCancelledInTheQueue) {
  hold_up();
  const auto cancelled = begin_insert(1);

  leave();
  wait_for(cancelled);

  EXPECT_EQ((*cancelled)->error().kind, ErrorKind::kUnavailable);
  go_on();
  EXPECT_EQ(rows(), 0);
}

TEST_F(SqliteWriterTest, WaitsForAnImportThatHasBegun) {
  start(listener_, hurried());
  const auto import = hold_up_importing(1);
  leave();
  const auto later = begin_insert(2);
  wait_for(later);  // so the limit of the import has passed too

  EXPECT_FALSE(import->has_value());
  go_on();

  EXPECT_EQ(messages_of({import}), std::vector<std::string>{"success"});
  EXPECT_EQ(rows(), 1);
}

TEST_F(SqliteWriterTest, FinishesWhatIsQueuedAtItsEnd) {
  hold_up();
  const auto second = begin_insert(1);
  const auto third = begin_insert(2);

  blocker_->open();
  writer_.reset();
  run();

  EXPECT_EQ(messages_of({second, third}), std::vector<std::string>(2, "success"));
  EXPECT_EQ(rows(), 2);
}

}  // namespace
}  // namespace ginnel::storage::sqlite
