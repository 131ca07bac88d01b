// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/task.h"
#include "http/options.h"
#include "http/server.h"
#include "observability/log.h"

namespace ginnel::app {

/// Catches from its construction on what asks a process to end: SIGTERM, SIGINT (Ctrl-C), SIGHUP
/// (its terminal closes) and SIGQUIT. The last two are left alone where they are ignored, as nohup
/// has it. SIGUSR1 and SIGUSR2, by which others are told to open their log anew, do nothing. Made
/// before anything is served, so that a signal that comes at once drains too. Used by one thread.
class ShutdownSignals final {
 public:
  ShutdownSignals();

  void wait_for_first();

  /// Waits for so long, or until a second signal comes.
  void wait(std::chrono::milliseconds time);

  /// Whether a second signal came. A terminal that closes may send SIGHUP twice, for nobody is in a
  /// hurry: that counts as one.
  bool hurried() const noexcept { return heard_ > 1; }

  /// `SIGTERM`, as it is written: the last one.
  const char* last() const noexcept;

 private:
  void hear();

  asio::io_context loop_{1};
  asio::signal_set signals_;
  asio::steady_timer timer_{loop_};
  int heard_ = 0;
  int last_ = 0;
};

/// Waits for a signal and ends the server's connections, in this order:
///
/// 1. /health/serving says 503 and every answer closes its connection, while new connections are
///    still served, for `drain_notice`: balancers notice.
/// 2. The listeners close; idle connections end.
/// 3. Requests in flight have `drain_grace`; whatever is left then is cut.
///
/// A second signal goes to the end of 3 at once. Returns when no connection is open.
void drain_on_signal(ShutdownSignals& signals,
                     http::Server& server,
                     const http::ServerOptions& options,
                     observability::Log& log);

}  // namespace ginnel::app
