// SPDX-License-Identifier: MIT
#include "app/shutdown.h"

#include <csignal>
#include <thread>

#include "http/session_fixture.h"

namespace ginnel::app {
namespace {

using namespace std::chrono_literals;

TEST(ShutdownSignals, ComeWhoeverWaitsForThem) {
  ShutdownSignals signals;
  ::raise(SIGTERM);
  signals.wait_for_first();
  EXPECT_STREQ(signals.last(), "SIGTERM");
  EXPECT_FALSE(signals.hurried());
}

TEST(ShutdownSignals, HurryWithTheSecond) {
  ShutdownSignals signals;
  ::raise(SIGTERM);
  signals.wait_for_first();
  ::raise(SIGINT);
  signals.wait(1h);
  EXPECT_TRUE(signals.hurried());
  EXPECT_STREQ(signals.last(), "SIGINT");
}

TEST(ShutdownSignals, WaitNoLongerThanTheyAreTold) {
  ShutdownSignals signals;
  ::raise(SIGINT);
  signals.wait_for_first();
  signals.wait(1ms);
  signals.wait(0ms);
  EXPECT_FALSE(signals.hurried());
}

TEST(ShutdownSignals, AreAllThatAskAProcessToEnd) {
  const std::pair<int, const char*> all[] = {
      {SIGTERM, "SIGTERM"}, {SIGINT, "SIGINT"}, {SIGHUP, "SIGHUP"}, {SIGQUIT, "SIGQUIT"}};
  for (const auto& [number, name] : all) {
    ShutdownSignals signals;
    ::raise(number);
    signals.wait_for_first();
    EXPECT_STREQ(signals.last(), name);
  }
}

TEST(ShutdownSignals, DoNotHurryWhenATerminalSaysTwiceThatItCloses) {
  ShutdownSignals signals;
  ::raise(SIGHUP);
  signals.wait_for_first();
  ::raise(SIGHUP);
  signals.wait(20ms);
  EXPECT_FALSE(signals.hurried());
  ::raise(SIGTERM);
  signals.wait(1h);
  EXPECT_TRUE(signals.hurried());
}

TEST(ShutdownSignals, LeaveAloneWhatIsIgnored) {
  const auto before = std::signal(SIGHUP, SIG_IGN);
  ShutdownSignals signals;
  ::raise(SIGHUP);
  ::raise(SIGUSR1);
  ::raise(SIGUSR2);
  ::raise(SIGINT);
  signals.wait_for_first();
  signals.wait(0ms);
  EXPECT_STREQ(signals.last(), "SIGINT");
  EXPECT_FALSE(signals.hurried());
  std::signal(SIGHUP, before);
}

class DeafObserver final : public http::ExchangeObserver {
 public:
  void began(const http::Request&) noexcept override {}
  void answered(const http::Exchange&) noexcept override {}
  void handler_failed(const http::Request&, const char*) noexcept override {}
  void memory_used_up(std::size_t) noexcept override {}
};

/// A server that a signal ends, without notice.
class Drain : public testing::Test {
 protected:
  Drain() {
    options_.listen = {{"127.0.0.1", 0}};
    options_.drain_notice = 0ms;
  }

  void SetUp() override {
    server_.emplace(options_);
    ASSERT_TRUE(server_->listen());
    const std::string address = server_->addresses().at(0);
    port_ = static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
    server_->start(routes_.router(), observer_);
  }

  void TearDown() override {
    routes_.open_gate();
    server_->stop();
  }

  /// The server is not asked: its listeners may be closing on another thread.
  support::LoopbackClient connect() const { return support::LoopbackClient(port_); }

  /// Sends a request and waits until its handler waits.
  support::LoopbackClient at_gate() {
    std::atomic<bool> arrived{false};
    routes_.at_gate = [&arrived] {
      arrived = true;
      arrived.notify_one();
    };
    auto client = connect();
    client.send("GET /gate HTTP/1.1\r\nHost: h\r\n\r\n");
    arrived.wait(false);
    return client;
  }

  /// Ends the server and gives what is logged meanwhile.
  std::string drain() {
    observability::LogOptions options;
    options.format = observability::LogFormat::kJson;
    testing::internal::CaptureStderr();
    {
      observability::Log log(options);
      drain_on_signal(signals_, *server_, options_, log);
    }
    return testing::internal::GetCapturedStderr();
  }

  http::ServerOptions options_;
  http::SampleRoutes routes_;
  DeafObserver observer_;
  ShutdownSignals signals_;
  std::uint16_t port_ = 0;
  std::optional<http::Server> server_;
};

TEST_F(Drain, EndsWhenTheLastConnectionHas) {
  auto idle = connect();
  idle.send("GET /now HTTP/1.1\r\nHost: h\r\n\r\n");
  ASSERT_TRUE(idle.receive_until("now\n"));
  idle.take();
  ::raise(SIGTERM);
  const std::string text = drain();
  EXPECT_EQ(server_->connections(), 0U);
  EXPECT_EQ(idle.receive_all(), "");
  EXPECT_NE(text.find("\"message\":\"draining\",\"signal\":\"SIGTERM\",\"connections\":1"),
            std::string::npos)
      << text;
  EXPECT_EQ(text.find("cutting"), std::string::npos) << text;
}

TEST_F(Drain, AnswersWhatIsInFlight) {
  auto waiting = at_gate();
  ::raise(SIGTERM);
  std::thread visitor([this, &waiting] {
    // The listener is closed once connecting fails; only then is the request answered.
    for (bool listens = true; listens;) {
      try {
        connect();
      } catch (const std::system_error&) {
        listens = false;
      }
    }
    routes_.open_gate();
    waiting.receive_all();
    waiting.close();
  });
  const std::string text = drain();
  visitor.join();
  EXPECT_TRUE(waiting.received().ends_with("open\n")) << waiting.received();
  EXPECT_NE(waiting.received().find("Connection: close\r\n"), std::string::npos);
  EXPECT_EQ(text.find("cutting"), std::string::npos) << text;
}

TEST_F(Drain, CutsWhatTheGraceDidNotEnd) {
  options_.drain_grace = 0ms;
  auto waiting = at_gate();
  ::raise(SIGTERM);
  const std::string text = drain();
  EXPECT_EQ(server_->connections(), 0U);
  EXPECT_EQ(waiting.receive_all(), "");
  EXPECT_NE(text.find("\"message\":\"cutting connections\",\"connections\":1"), std::string::npos)
      << text;
}

TEST_F(Drain, CutsAtOnceWhenTheSecondSignalComes) {
  options_.drain_notice = 1h;
  options_.drain_grace = 1h;
  auto waiting = at_gate();
  ::raise(SIGTERM);
  ::raise(SIGINT);
  drain();
  EXPECT_EQ(server_->connections(), 0U);
  EXPECT_EQ(waiting.receive_all(), "");
}

}  // namespace
}  // namespace ginnel::app
