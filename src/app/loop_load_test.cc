// SPDX-License-Identifier: MIT
#include "app/loop_load.h"

#include <atomic>
#include <fstream>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

namespace ginnel::app {
namespace {

using namespace std::chrono_literals;

/// One loop, running on a thread, that can be kept computing.
class LoopLoadTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::ifstream("/proc/self/schedstat")) {
      GTEST_SKIP() << "this kernel keeps no schedstat";
    }
    work_.emplace(loop_.context().get_executor());
    loop_.start();
    thread_ = std::thread([this] { loop_.context().run(); });
  }

  void TearDown() override {
    if (thread_.joinable()) {
      compute_ = false;
      asio::post(loop_.context(), [this] { loop_.stop(); });
      work_.reset();
      thread_.join();
    }
  }

  void compute() {
    compute_ = true;
    asio::post(loop_.context(), [this] {
      while (compute_) {
      }
    });
  }

  /// Looks again and again until the answer is `wanted`; false when it is not within 10 s.
  bool becomes(bool wanted) {
    const auto end = std::chrono::steady_clock::now() + 10s;
    while (load_.busy() != wanted) {
      if (std::chrono::steady_clock::now() > end) {
        return false;
      }
      std::this_thread::yield();
    }
    return true;
  }

  http::Loop loop_{0};
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> work_;
  LoopLoad load_{{&loop_}};
  std::atomic<bool> compute_{false};
  std::thread thread_;
};

TEST_F(LoopLoadTest, IsBusyWhileTheLoopHasWorkAndNotAfterwards) {
  EXPECT_FALSE(load_.busy());

  compute();
  EXPECT_TRUE(becomes(true));

  compute_ = false;
  EXPECT_TRUE(becomes(false));
}

TEST(LoopLoad, IsNotBusyWithoutLoops) {
  EXPECT_FALSE(LoopLoad({}).busy());
}

}  // namespace
}  // namespace ginnel::app
