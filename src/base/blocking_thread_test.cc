// SPDX-License-Identifier: MIT
#include "base/blocking_thread.h"

#include <memory>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "base/run_blocking_task.h"

namespace ginnel {
namespace {

TEST(BlockingThread, RunsWorkElsewhereAndAnswersHere) {
  BlockingThread blocking("test");
  const auto here = std::this_thread::get_id();
  auto ask = [&]() -> Task<std::string> {
    auto work = [here]() -> Result<std::string> {
      return std::string(std::this_thread::get_id() == here ? "here" : "elsewhere");
    };
    const auto where = co_await blocking.run(std::move(work));
    co_return std::this_thread::get_id() == here ? *where : "not resumed here";
  };
  EXPECT_EQ(run_blocking_task(ask()), "elsewhere");
}

TEST(BlockingThread, TurnsAnExceptionIntoAnError) {
  BlockingThread blocking("test");
  auto work = []() -> Result<Done> { throw std::runtime_error("a defect"); };
  const auto outcome = run_blocking_task(blocking.run(work));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().kind, ErrorKind::kInternal);
  EXPECT_EQ(outcome.error().detail, "a defect");
}

TEST(BlockingThread, LetsGoOfTheWorkBeforeItAnswers) {
  BlockingThread blocking("test");
  auto held = std::make_shared<int>(7);
  auto ask = [&]() -> Task<long> {
    auto work = [copy = held]() -> Result<Done> { return Done(); };
    const auto done = co_await blocking.run(std::move(work));
    co_return done ? held.use_count() : 0;
  };
  EXPECT_EQ(run_blocking_task(ask()), 1);
}

TEST(BlockingThread, DoesWhatItWasGivenBeforeItEnds) {
  int done = 0;
  {
    BlockingThread blocking("test");
    for (int i = 0; i < 100; ++i) {
      blocking.let_go(std::shared_ptr<void>(nullptr, [&done](void*) { ++done; }));
    }
  }
  EXPECT_EQ(done, 100);
}

}  // namespace
}  // namespace ginnel
