// SPDX-License-Identifier: MIT
#include "http/loop.h"

#include <chrono>

#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

namespace ginnel::http {
namespace {

using namespace std::chrono_literals;

/// The sweep is due, and queued behind what stops the loop: cancelling its timer comes too late.
TEST(Loop, RunsOutOfWorkWhenItIsStoppedWhileASweepIsDue) {
  Loop loop(0);
  loop.start();
  loop.context().poll();
  const auto due = std::chrono::steady_clock::now() + 1'010ms;
  asio::post(loop.context(), [&] {
    while (std::chrono::steady_clock::now() < due) {
    }
    asio::post(loop.context(), [&] { loop.stop(); });
  });
  loop.context().run_for(1'500ms);
  EXPECT_TRUE(loop.context().stopped()) << "it has armed its timer again";
}

}  // namespace
}  // namespace ginnel::http
