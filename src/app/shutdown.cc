// SPDX-License-Identifier: MIT
#include "app/shutdown.h"

#include <chrono>
#include <csignal>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

namespace ginnel::app {
namespace {

using namespace std::chrono_literals;

/// How often it is looked whether the last connection has ended.
constexpr auto kLookEvery = 10ms;

/// Runs one wait after the other on a loop that also hears signals.
class SignalledWait final {
 public:
  SignalledWait() { hear(); }

  void until_signalled() {
    while (signals_heard_ == 0) {
      loop_.run_one();
    }
  }

  /// Waits; a further signal ends every wait.
  void wait(std::chrono::milliseconds time) {
    bool over = false;
    timer_.expires_after(time);
    timer_.async_wait([&over](const boost::system::error_code&) { over = true; });
    while (!over && !hurried()) {
      loop_.run_one();
    }
    timer_.cancel();
    while (!over) {
      loop_.run_one();
    }
  }

  /// Whether a second signal came.
  bool hurried() const noexcept { return signals_heard_ > 1; }
  int last_signal() const noexcept { return last_signal_; }

 private:
  void hear() {
    signals_.async_wait([this](const boost::system::error_code& ec, int signal) {
      if (!ec) {
        ++signals_heard_;
        last_signal_ = signal;
        hear();
      }
    });
  }

  asio::io_context loop_{1};
  asio::signal_set signals_{loop_, SIGTERM, SIGINT};
  asio::steady_timer timer_{loop_};
  int signals_heard_ = 0;
  int last_signal_ = 0;
};

}  // namespace

void drain_on_signal(http::Server& server,
                     const http::ServerOptions& options,
                     observability::Log& log) {
  SignalledWait signals;
  signals.until_signalled();
  log.info("draining",
           {{"signal", signals.last_signal() == SIGTERM ? "SIGTERM" : "SIGINT"},
            {"connections", server.connections()},
            {"notice_ms", options.drain_notice.count()},
            {"grace_ms", options.drain_grace.count()}});
  server.announce_end();
  signals.wait(options.drain_notice);
  server.stop_listening();
  const auto deadline = std::chrono::steady_clock::now() + options.drain_grace;
  while (server.connections() > 0 && !signals.hurried() &&
         std::chrono::steady_clock::now() < deadline) {
    signals.wait(kLookEvery);
  }
  if (server.connections() > 0) {
    log.warn("cutting connections", {{"connections", server.connections()}});
  }
  server.close_connections();
}

}  // namespace ginnel::app
