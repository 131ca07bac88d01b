// SPDX-License-Identifier: MIT
#include "http/server.h"

#include <future>

#include "http/session_fixture.h"

namespace ginnel::http {
namespace {

/// Knows nothing: answers come from the threads of a server.
class DeafObserver final : public ExchangeObserver {
 public:
  void began(const Request&) noexcept override {}
  void answered(const Exchange&) noexcept override {}
  void handler_failed(const Request&, const char*) noexcept override {}
  void memory_used_up(std::size_t) noexcept override {}
};

const std::string kGetNow = "GET /now HTTP/1.1\r\nHost: h\r\n\r\n";
const std::string kGetGate = "GET /gate HTTP/1.1\r\nHost: h\r\n\r\n";

std::uint16_t port_of(const std::string& address) {
  return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
}

/// A server on two threads and a port of 127.0.0.1 that the system chose.
class ServerTest : public testing::Test {
 protected:
  void SetUp() override {
    options_.listen = {{"127.0.0.1", 0}};
    options_.threads = 2;
  }

  void TearDown() override {
    if (server_) {
      routes_.open_gate();
      server_->close_connections();
      server_->stop();
    }
  }

  void start() {
    server_.emplace(options_);
    const auto listening = server_->listen();
    ASSERT_TRUE(listening) << listening.error().message;
    server_->start(routes_.router(), observer_);
  }

  support::LoopbackClient connect() const {
    return support::LoopbackClient(port_of(server_->addresses().at(0)));
  }

  /// A client whose request has reached its handler, and waits there.
  support::LoopbackClient at_gate() {
    std::promise<void> arrived;
    routes_.at_gate = [&arrived] { arrived.set_value(); };
    auto client = connect();
    client.send(kGetGate);
    EXPECT_EQ(arrived.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
    return client;
  }

  /// A client that was answered and stays connected.
  support::LoopbackClient idle() const {
    auto client = connect();
    client.send(kGetNow);
    EXPECT_TRUE(client.receive_until("now\n"));
    client.take();
    return client;
  }

  ServerOptions options_;
  SampleRoutes routes_;
  DeafObserver observer_;
  std::optional<Server> server_;
};

TEST_F(ServerTest, TellsWhichPortTheSystemChose) {
  start();
  ASSERT_EQ(server_->addresses().size(), 1U);
  EXPECT_TRUE(server_->addresses()[0].starts_with("127.0.0.1:"));
  EXPECT_NE(port_of(server_->addresses()[0]), 0);
  ASSERT_EQ(server_->bound().size(), 1U);
  EXPECT_EQ(server_->bound()[0].host, "127.0.0.1");
  EXPECT_EQ(server_->bound()[0].port, port_of(server_->addresses()[0]));
}

TEST_F(ServerTest, RefusesToListenOnAName) {
  options_.listen = {{"localhost", 0}};
  Server server(options_);
  const auto listening = server.listen();
  ASSERT_FALSE(listening);
  EXPECT_EQ(listening.error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(listening.error().message, "http.listen: localhost is not an IP address");
}

TEST_F(ServerTest, NamesTheSettingWhenAPortIsTaken) {
  start();
  options_.listen = {{"127.0.0.1", port_of(server_->addresses()[0])}};
  Server second(options_);
  const auto listening = second.listen();
  ASSERT_FALSE(listening);
  EXPECT_EQ(listening.error().kind, ErrorKind::kUnavailable);
  EXPECT_NE(listening.error().message.find("--http.listen"), std::string::npos)
      << listening.error().message;
}

TEST_F(ServerTest, ListensOnEveryAddress) {
  options_.listen.push_back({"127.0.0.2", 0});
  start();
  ASSERT_EQ(server_->addresses().size(), 2U);
  support::LoopbackClient client(port_of(server_->addresses()[1]), "127.0.0.2");
  client.send(kGetNow);
  EXPECT_TRUE(client.receive_until("now\n"));
}

TEST_F(ServerTest, SpreadsConnectionsOverItsLoops) {
  start();
  std::vector<support::LoopbackClient> clients;
  clients.reserve(6);
  for (int i = 0; i < 6; ++i) {
    clients.push_back(idle());
  }
  EXPECT_EQ(server_->connections(), 6U);
  EXPECT_EQ(server_->loops()[0]->connections(), 3U);
  EXPECT_EQ(server_->loops()[1]->connections(), 3U);
}

TEST_F(ServerTest, ClosesWhoWaitedLongestForOneConnectionTooMany) {
  options_.max_connections = 4;
  start();
  std::vector<support::LoopbackClient> clients;
  for (int i = 0; i < 4; ++i) {
    clients.push_back(idle());
  }
  clients[0].send(kGetNow);
  EXPECT_TRUE(clients[0].receive_until("now\n"));
  clients.push_back(idle());
  clients.push_back(idle());
  EXPECT_EQ(clients[1].receive_all(), "");
  EXPECT_EQ(clients[2].receive_all(), "");
  EXPECT_EQ(server_->evicted(), 2U);
  EXPECT_EQ(server_->refused(), 0U);
  for (const std::size_t kept : {0U, 3U, 4U, 5U}) {
    clients[kept].take();
    clients[kept].send(kGetNow);
    EXPECT_TRUE(clients[kept].receive_until("now\n")) << kept;
  }
}

TEST_F(ServerTest, AnswersOnceWhereNobodyWaits) {
  options_.max_connections = 1;
  start();
  auto busy = at_gate();
  auto visitor = connect();
  visitor.send(kGetNow);
  EXPECT_TRUE(visitor.receive_all().ends_with("now\n")) << visitor.received();
  EXPECT_NE(visitor.received().find("Connection: close\r\n"), std::string::npos);
  auto caller = connect();
  caller.send("GET /later/1 HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(caller.receive_all().starts_with("HTTP/1.1 503 ")) << caller.received();
  EXPECT_EQ(server_->refused(), 2U);
  routes_.open_gate();
  EXPECT_TRUE(busy.receive_until("open\n")) << "those that are open are served on";
}

TEST_F(ServerTest, LetsNobodyWhoWaitsKeepVisitorsOut) {
  options_.max_connections = 8;
  start();
  std::vector<support::LoopbackClient> waiting;
  for (int i = 0; i < 200; ++i) {
    waiting.push_back(connect());
    waiting.back().send(i % 2 == 0 ? "" : "GET /now HTTP/1.1\r\nHo");
    auto visitor = connect();
    visitor.send(kGetNow);
    ASSERT_TRUE(visitor.receive_until("now\n")) << i << ": " << visitor.received();
  }
  std::printf("server: 200 visitors beside 200 connections that wait, %llu of them closed\n",
              static_cast<unsigned long long>(server_->evicted()));
}

TEST_F(ServerTest, LetsNobodyWhoDoesNotTakeItsAnswersKeepVisitorsOut) {
  options_.max_connections = 8;
  start();
  std::vector<support::LoopbackClient> lagging;
  for (int i = 0; i < 100; ++i) {
    lagging.push_back(connect());
    for (int answers = 0; answers < 8; ++answers) {
      lagging.back().send("GET /much HTTP/1.1\r\nHost: h\r\n\r\n");
    }
    auto visitor = connect();
    visitor.send(kGetNow);
    ASSERT_TRUE(visitor.receive_until("now\n")) << i << ": " << visitor.received();
  }
}

TEST_F(ServerTest, CountsRequestsWhoseHandlersWait) {
  start();
  auto client = at_gate();
  EXPECT_EQ(server_->in_flight(), 1U);
  routes_.open_gate();
  EXPECT_TRUE(client.receive_until("open\n"));
  EXPECT_EQ(server_->in_flight(), 0U);
}

TEST_F(ServerTest, StillTakesConnectionsWhileTheEndIsAnnounced) {
  start();
  EXPECT_FALSE(server_->draining());
  server_->announce_end();
  EXPECT_TRUE(server_->draining());
  auto client = connect();
  client.send(kGetNow);
  EXPECT_NE(client.receive_all().find("Connection: close\r\n"), std::string::npos);
  EXPECT_TRUE(client.received().ends_with("now\n"));
}

TEST_F(ServerTest, EndsIdleConnectionsAndAnswersTheOthersWhenItStopsListening) {
  start();
  auto resting = idle();
  auto waiting = at_gate();
  server_->announce_end();
  server_->stop_listening();
  EXPECT_EQ(resting.receive_all(), "");
  EXPECT_TRUE(resting.ended());
  EXPECT_THROW(connect(), std::system_error);
  routes_.open_gate();
  EXPECT_TRUE(waiting.receive_all().ends_with("open\n")) << waiting.received();
  EXPECT_NE(waiting.received().find("Connection: close\r\n"), std::string::npos);
}

TEST_F(ServerTest, TakesWhoWaitsAtTheDoorBeforeItCloses) {
  start();
  server_->announce_end();
  std::vector<support::LoopbackClient> clients;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(connect());
    clients.back().send(kGetNow);
  }
  server_->stop_listening();
  int answered = 0;
  for (auto& client : clients) {
    answered += client.receive_all().ends_with("now\n") ? 1 : 0;
  }
  EXPECT_EQ(answered, 20) << "nobody who was connected is reset";
}

TEST_F(ServerTest, CutsWhateverIsLeft) {
  start();
  auto waiting = at_gate();
  server_->close_connections();
  EXPECT_EQ(server_->connections(), 0U);
  EXPECT_EQ(waiting.receive_all(), "");
}

}  // namespace
}  // namespace ginnel::http
