// SPDX-License-Identifier: MIT
#include "base/later_work.h"

#include <boost/asio/steady_timer.hpp>
#include <gtest/gtest.h>

#include "base/until_memory.h"

namespace ginnel {
namespace {

TEST(LaterWork, IsDoneOnceHoweverOftenItWasAskedFor) {
  asio::io_context loop(1);
  int done = 0;
  LaterWork work(loop, [&] { ++done; });
  work.ask();
  work.ask();
  EXPECT_EQ(done, 0);
  loop.run();
  EXPECT_EQ(done, 1);
}

TEST(LaterWork, MayAskForItselfWhileItIsDone) {
  asio::io_context loop(1);
  int left = 100;
  LaterWork* again = nullptr;
  LaterWork work(loop, [&] {
    if (--left > 0) {
      again->ask();
    }
  });
  again = &work;
  work.ask();
  loop.run();
  EXPECT_EQ(left, 0);
}

TEST(OperationMemory, ServesOneOperationAfterAnother) {
  asio::io_context loop(1);
  asio::steady_timer timer(loop);
  OperationMemory memory;
  int rang = 0;
  std::function<void()> wait = [&] {
    timer.expires_after(std::chrono::milliseconds(0));
    timer.async_wait(memory.bind([&](const boost::system::error_code&) {
      if (++rang < 10) {
        wait();
      }
    }));
  };
  wait();
  loop.run();
  EXPECT_EQ(rang, 10);
}

TEST(OperationMemory, RefusesASecondOperationAtTheSameTime) {
  asio::io_context loop(1);
  OperationMemory memory;
  asio::post(loop.get_executor(), memory.bind([] {}));
  EXPECT_THROW(asio::post(loop.get_executor(), memory.bind([] {})), std::bad_alloc);
  loop.run();
}

TEST(UntilMemory, TriesUntilThereIsSome) {
  int tries = 0;
  const int given = until_memory([&] {
    if (++tries < 3) {
      throw std::bad_alloc();
    }
    return 7;
  });
  EXPECT_EQ(given, 7);
  EXPECT_EQ(tries, 3);
}

TEST(Spawn, EndsWhatNeverWaitsBeforeItReturns) {
  asio::io_context loop(1);
  int ended = 0;
  asio::post(loop, [&] {
    for (const bool throws : {false, true}) {
      auto task = [](bool fails) -> Task<void> {
        if (fails) {
          throw std::bad_alloc();
        }
        co_return;
      };
      spawn(loop.get_executor(), task(throws), [&, throws](const std::exception_ptr& thrown) {
        EXPECT_EQ(thrown != nullptr, throws);
        ++ended;
      });
    }
    EXPECT_EQ(ended, 2) << "its end is not posted, which would need memory";
  });
  loop.run();
}

}  // namespace
}  // namespace ginnel
