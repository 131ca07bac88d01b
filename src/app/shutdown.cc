// SPDX-License-Identifier: MIT
#include "app/shutdown.h"

#include <chrono>
#include <csignal>

namespace ginnel::app {
namespace {

using namespace std::chrono_literals;

/// How often it is looked whether the last connection has ended.
constexpr auto kPollSignals = 10ms;

}  // namespace

ShutdownSignals::ShutdownSignals() : signals_(loop_, SIGTERM, SIGINT) {
  hear();
}

void ShutdownSignals::hear() {
  signals_.async_wait([this](const boost::system::error_code& ec, int signal) {
    if (!ec) {
      ++heard_;
      last_ = signal;
      hear();
    }
  });
}

void ShutdownSignals::wait_for_first() {
  while (heard_ == 0) {
    loop_.run_one();
  }
}

void ShutdownSignals::wait(std::chrono::milliseconds time) {
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

const char* ShutdownSignals::last() const noexcept {
  return last_ == SIGTERM ? "SIGTERM" : "SIGINT";
}

void drain_on_signal(ShutdownSignals& signals,
                     http::Server& server,
                     const http::ServerOptions& options,
                     observability::Log& log) {
  signals.wait_for_first();
  log.info("draining",
           {{"signal", signals.last()},
            {"connections", server.connections()},
            {"notice_ms", options.drain_notice.count()},
            {"grace_ms", options.drain_grace.count()}});
  server.announce_end();
  signals.wait(options.drain_notice);
  server.stop_listening();
  const auto deadline = std::chrono::steady_clock::now() + options.drain_grace;
  while (server.connections() > 0 && !signals.hurried() &&
         std::chrono::steady_clock::now() < deadline) {
    signals.wait(kPollSignals);
  }
  if (server.connections() > 0) {
    log.warn("cutting connections", {{"connections", server.connections()}});
  }
  server.close_connections();
}

}  // namespace ginnel::app
