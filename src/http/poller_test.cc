// SPDX-License-Identifier: MIT
#include "http/poller.h"

#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "support/loopback.h"

namespace ginnel::http {
namespace {

/// Notes what it was told.
class NotingWaiter final : public Waiter {
 public:
  void on_ready(Readiness readiness) override { told.push_back(readiness); }

  std::vector<Readiness> told;
};

class PollerTest : public testing::Test {
 protected:
  PollerTest() : PollerTest(make_pair()) {}

  void SetUp() override {
    poller_.start();
    ASSERT_TRUE(poller_.add(ours_.get(), waiter_));
    run();
    ASSERT_EQ(waiter_.told.size(), 1U) << "a new socket can be written to";
    EXPECT_TRUE(waiter_.told[0].writable);
    EXPECT_FALSE(waiter_.told[0].readable);
    waiter_.told.clear();
    turns_ = 0;
  }

  /// Lets everything happen that can happen now.
  void run() {
    while (loop_.poll() > 0) {
    }
  }

  void send(std::string_view bytes) const {
    EXPECT_EQ(::write(theirs_.get(), bytes.data(), bytes.size()),
              static_cast<ssize_t>(bytes.size()));
  }

  asio::io_context loop_{1};
  int turns_ = 0;
  std::function<void()> after_turn_ = [] {};
  Poller poller_{loop_, [this] {
                   ++turns_;
                   after_turn_();
                 }};
  NotingWaiter waiter_;
  support::Descriptor ours_;
  support::Descriptor theirs_;

 private:
  static std::array<int, 2> make_pair() {
    std::array<int, 2> pair{};
    support::Descriptor::check(
        ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair.data()));
    return pair;
  }
  explicit PollerTest(std::array<int, 2> pair) : ours_(pair[0]), theirs_(pair[1]) {}
};

TEST_F(PollerTest, TellsOnceOfBytesThatCame) {
  send("a");
  run();
  ASSERT_EQ(waiter_.told.size(), 1U);
  EXPECT_TRUE(waiter_.told[0].readable);
  EXPECT_FALSE(waiter_.told[0].hung_up);
  run();
  EXPECT_EQ(waiter_.told.size(), 1U) << "unread bytes are not told of again";
  send("b");
  run();
  EXPECT_EQ(waiter_.told.size(), 2U) << "new ones are";
}

TEST_F(PollerTest, TellsOfAnEndAsSomethingToRead) {
  ASSERT_EQ(::shutdown(theirs_.get(), SHUT_WR), 0);
  run();
  ASSERT_EQ(waiter_.told.size(), 1U);
  EXPECT_TRUE(waiter_.told[0].readable);
  EXPECT_TRUE(waiter_.told[0].hung_up);
}

TEST_F(PollerTest, TellsWhenAFullSocketTakesMore) {
  const std::string much(65'536, 'x');
  while (::write(ours_.get(), much.data(), much.size()) > 0) {
  }
  run();
  waiter_.told.clear();
  std::string read(1u << 20, '\0');
  while (::read(theirs_.get(), read.data(), read.size()) > 0) {
  }
  run();
  ASSERT_FALSE(waiter_.told.empty());
  EXPECT_TRUE(waiter_.told.back().writable);
}

TEST_F(PollerTest, EndsATurnAfterAllWhoAreReady) {
  std::array<int, 2> pair{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair.data()), 0);
  const support::Descriptor second(pair[0]);
  const support::Descriptor its_end(pair[1]);
  NotingWaiter other;
  ASSERT_TRUE(poller_.add(second.get(), other));
  send("a");
  std::size_t told_by_then = 0;
  bool within = false;
  after_turn_ = [&] {
    told_by_then = waiter_.told.size() + other.told.size();
    within = poller_.in_turn();
  };
  run();
  EXPECT_EQ(turns_, 1);
  EXPECT_EQ(told_by_then, 2U);
  EXPECT_FALSE(within);
}

TEST_F(PollerTest, TakesAnotherTurnForWhatCameInTheFirst) {
  send("a");
  after_turn_ = [&] {
    if (turns_ == 1) {
      send("b");
    }
  };
  loop_.restart();
  EXPECT_EQ(loop_.poll_one(), 1U);
  EXPECT_EQ(turns_, 2);
  EXPECT_EQ(waiter_.told.size(), 2U);
}

/// Somebody who is ready after each turn does not keep the io_context from what it has to do.
TEST_F(PollerTest, LetsTheLoopGoOnAfterHalfAMillisecond) {
  bool went_on = false;
  after_turn_ = [&] {
    if (!went_on) {
      send("a");
    }
  };
  send("a");
  asio::post(loop_, [&] { asio::post(loop_, [&] { went_on = true; }); });
  run();
  EXPECT_TRUE(went_on);
}

TEST_F(PollerTest, TakesTheTimeOnceATurn) {
  const auto before = std::chrono::steady_clock::now();
  send("a");
  run();
  EXPECT_GE(poller_.turn_began(), before);
  EXPECT_LE(poller_.turn_began(), std::chrono::steady_clock::now());
}

TEST_F(PollerTest, ForgetsADescriptorThatIsClosed) {
  send("a");
  ours_.close();
  run();
  EXPECT_TRUE(waiter_.told.empty());
}

TEST_F(PollerTest, LetsItsLoopEndOnceStopped) {
  poller_.stop();
  run();
  EXPECT_TRUE(loop_.stopped());
  EXPECT_FALSE(poller_.add(theirs_.get(), waiter_));
}

}  // namespace
}  // namespace ginnel::http
