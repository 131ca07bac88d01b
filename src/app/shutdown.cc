// SPDX-License-Identifier: MIT
#include "app/shutdown.h"

#include <chrono>
#include <csignal>

namespace ginnel::app {
namespace {

using namespace std::chrono_literals;

/// How often it is looked whether the last connection has ended.
constexpr auto kPollSignals = 10ms;

bool is_ignored(int signal) noexcept {
  struct sigaction now {};
  return ::sigaction(signal, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

}  // namespace

ShutdownSignals::ShutdownSignals() : signals_(loop_, SIGTERM, SIGINT) {
  for (const int signal : {SIGHUP, SIGQUIT}) {
    if (!is_ignored(signal)) {
      signals_.add(signal);
    }
  }
  std::signal(SIGUSR1, SIG_IGN);
  std::signal(SIGUSR2, SIG_IGN);
  hear();
}

void ShutdownSignals::hear() {
  signals_.async_wait([this](const boost::system::error_code& ec, int signal) {
    if (!ec) {
      heard_ += heard_ > 0 && signal == SIGHUP ? 0 : 1;
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
  switch (last_) {
    case SIGHUP:
      return "SIGHUP";
    case SIGINT:
      return "SIGINT";
    case SIGQUIT:
      return "SIGQUIT";
    default:
      return "SIGTERM";
  }
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
