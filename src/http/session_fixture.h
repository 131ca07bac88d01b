// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <gtest/gtest.h>

#include "http/client_address.h"
#include "http/loop.h"
#include "http/problem.h"
#include "http/router.h"
#include "http/session.h"
#include "support/loopback.h"

namespace ginnel::http {

/// Notes what it was told; an answer without its one begin fails the test.
class NotingObserver final : public ExchangeObserver {
 public:
  void began(const Request& request) noexcept override {
    EXPECT_TRUE(request.caller().name.empty()) << "nobody has been asked who sends it";
    ++begun;
    under_way_[&request] = request.request_id();
  }
  void answered(const Exchange& exchange) noexcept override {
    const auto begin = under_way_.extract(&exchange.request);
    EXPECT_TRUE(begin && begin.mapped() == exchange.request.request_id()) << exchange.status;
    statuses.push_back(exchange.status);
  }
  void handler_failed(const Request&, const char* what) noexcept override {
    failures.emplace_back(what);
  }
  void memory_used_up(std::size_t) noexcept override {}

  std::size_t begun = 0;
  std::vector<int> statuses;
  std::vector<std::string> failures;

 private:
  std::map<const Request*, std::string> under_way_;  ///< their ids
};

/// Routes of every kind that a session knows.
class SampleRoutes final {
 public:
  SampleRoutes() {
    router_.add_public(
        Method::kGet,
        "/now",
        [this](const Request& r, PathParameters) { return echo(r); },
        [this](const Request&, const PathParameters&, Response& response) {
          if (throws_bad_alloc) {
            throw std::bad_alloc();
          }
          response.body = "now\n";
          return true;
        });
    router_.add(Method::kGet, "/later/{id}", [this](const Request&, PathParameters path) {
      return later(path);
    });
    router_.add(
        Method::kPost, "/echo", [this](const Request& r, PathParameters) { return echo(r); });
    router_.add(Method::kGet, "/gate", [this](const Request&, PathParameters) { return wait(); });
    router_.add(Method::kGet, "/throw", [this](const Request&, PathParameters) { return fail(); });
    router_.add(Method::kGet, "/much", [this](const Request&, PathParameters) { return much(); });
    router_.add(Method::kGet, "/list", [this](const Request&, PathParameters) { return list(); });
    router_.expect_large("/list");
    router_.add(Method::kGet, "/caller", [](const Request& r, PathParameters) -> Task<Response> {
      Response response = text(r.caller().name + "\n");
      response.keeping = Keeping::kAskAgain;
      co_return response;
    });
    router_.add_streaming(
        Method::kPost, "/stream", kStreamBytes, [this](const Request&, BodyStream& body) {
          return take(body);
        });
    router_.add_streaming(
        Method::kPost, "/stream/refused", kStreamBytes, [this](const Request&, BodyStream&) {
          return refuse();
        });
    router_.add(
        Method::kGet, "/client", [this](const Request& r, PathParameters) { return client(r); });
  }

  const Router& router() const noexcept { return router_; }

  /// Guarded routes ask for a field `Name`, which gives the caller's name; a `Visitor` has no right
  /// to them.
  void ask_for_names() {
    router_.set_guard("Name, Visitor", [](const Request& request) -> Result<Principal> {
      if (const auto name = request.field("Name")) {
        return Principal{std::string(*name), Rights::kManage};
      }
      if (request.field("Visitor")) {
        return Principal();
      }
      return Error(ErrorKind::kUnauthorized, "no name");
    });
  }

  /// Answers who waits at /gate. From any thread.
  void open_gate() {
    if (const auto gate = gate_.lock()) {
      asio::post(gate->get_executor(), [gate] { gate->cancel(); });
    }
  }

  /// Called when somebody begins to wait at /gate, one at a time.
  std::function<void()> at_gate = [] {};

  TrustedProxies proxies;

  /// How large a body /stream takes.
  static constexpr std::size_t kStreamBytes = std::size_t{8} << 20;

  /// What /stream has taken of the body under way, and what ended it.
  std::string taken;
  std::string stream_error;

  /// The system has no memory for /now and /throw.
  bool throws_bad_alloc = false;

  /// Answers of /list under way, and the most there were.
  int lists = 0;
  int most_lists = 0;

  /// /stream waits at the gate after each piece.
  bool slow_stream = false;

 private:
  static Response text(std::string body) {
    Response response;
    response.body = std::move(body);
    return response;
  }

  Task<Response> echo(const Request& request) {
    co_return text(std::string(request.body()) + "\n");
  }

  /// The id, after a turn of the loop.
  Task<Response> later(PathParameters path) {
    const auto executor = co_await asio::this_coro::executor;
    co_await asio::post(executor, asio::use_awaitable);
    co_return text(std::string(path[0]) + "\n");
  }

  Task<Response> wait() {
    const auto executor = co_await asio::this_coro::executor;
    const auto gate =
        std::make_shared<asio::steady_timer>(executor, asio::steady_timer::time_point::max());
    gate_ = gate;
    at_gate();
    co_await gate->async_wait(asio::as_tuple(asio::use_awaitable));
    co_return text("open\n");
  }

  Task<Response> take(BodyStream& body) {
    taken.clear();
    while (true) {
      const auto piece = co_await body.next();
      if (!piece) {
        stream_error = piece.error().message;
        co_return problem(piece.error());
      }
      if (piece->empty()) {
        co_return text(std::to_string(taken.size()) + " bytes\n");
      }
      taken += *piece;
      if (slow_stream) {
        co_await wait();
      }
    }
  }

  Task<Response> refuse() { co_return problem(415, "not this"); }

  Task<Response> fail() {
    if (std::exchange(throws_bad_alloc, false)) {
      throw std::bad_alloc();
    }
    throw std::runtime_error("a defect");
    co_return Response();
  }

  Task<Response> much() { co_return text(std::string(1u << 20, 'm') + "\n"); }

  /// Five kilobytes, after some turns of the loop.
  Task<Response> list() {
    most_lists = std::max(most_lists, ++lists);
    const auto executor = co_await asio::this_coro::executor;
    for (int turn = 0; turn < 5; ++turn) {
      co_await asio::post(executor, asio::use_awaitable);
    }
    --lists;
    co_return text(std::string(5'000, 'l') + "\n");
  }

  Task<Response> client(const Request& request) const {
    co_return text(to_text(client_address(request, proxies)) + "\n");
  }

  std::weak_ptr<asio::steady_timer> gate_;
  Router router_;
};

/// Connections on a loop that the test itself runs, in its own thread: nothing happens in between.
class SessionFixture : public testing::Test {
 protected:
  void SetUp() override { loop_.start(); }

  void TearDown() override {
    routes_.open_gate();
    loop_.stop();
    loop_.context().run();
  }

  /// Connects a client to `listener` and puts its session on the loop.
  support::LoopbackClient connect(const support::LoopbackListener& listener,
                                  const std::string& host = "127.0.0.1",
                                  const std::string& from = {}) {
    support::LoopbackClient client(listener.port(), host, from);
    std::optional<Socket> socket;
    EXPECT_TRUE(run_until([&] {
      int error = 0;
      if (auto taken = Socket::accept(listener.descriptor(), error)) {
        socket.emplace(std::move(*taken));
      }
      return socket.has_value();
    }));
    session_ = std::make_shared<Session>(loop_, context_, std::move(*socket));
    loop_.expect_connection();
    EXPECT_TRUE(loop_.add(session_));
    return client;
  }

  support::LoopbackClient connect() { return connect(listener_); }

  /// Runs the loop until this holds; false when ten seconds were not enough.
  template <class Condition>
  bool run_until(Condition condition) {
    using namespace std::chrono_literals;
    const auto limit = std::chrono::steady_clock::now() + 10s;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > limit) {
        return false;
      }
      loop_.context().run_one_for(1ms);
    }
    return true;
  }

  /// Runs the loop until everything that the client received ends like this, and gives it.
  std::string received_until(support::LoopbackClient& client, std::string_view end) {
    EXPECT_TRUE(run_until([&] {
      client.receive_now();
      return client.received().ends_with(end);
    })) << client.received();
    return client.take();
  }

  /// Runs the loop until the server has ended the connection, and gives what came before.
  std::string received_to_the_end(support::LoopbackClient& client) {
    EXPECT_TRUE(run_until([&] {
      client.receive_now();
      return client.ended();
    })) << client.received();
    return client.take();
  }

  ServerOptions options_;
  SampleRoutes routes_;
  NotingObserver observer_;
  MemoryBudget memory_{std::size_t{16} << 20, [this] { loop_.relieve_later(memory_); }};
  SessionContext context_{options_, routes_.router(), observer_, memory_};
  Loop loop_{0};
  support::LoopbackListener listener_;
  std::shared_ptr<Session> session_;  ///< that of the last connection
};

}  // namespace ginnel::http
