// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "base/result.h"
#include "http/loop.h"
#include "http/observer.h"
#include "http/options.h"
#include "http/router.h"
#include "http/session.h"

namespace ginnel::http {

/// An HTTP/1.1 server: one loop a thread, one listener for all.
///
/// Life: construct, `listen`, `start` with what serves, and at the end `announce_end`,
/// `stop_listening`, wait until `connections()` is 0 or patience ends, `close_connections`, and
/// `stop` once nothing that a handler waits for may still call back. Those are called from the
/// thread that owns the server.
class Server final {
 public:
  explicit Server(ServerOptions options);
  /// The server must have been stopped, or never started.
  ~Server();

  /// Binds every address. Fails with kInvalid for an address that is none, with kUnavailable when
  /// one cannot be bound; the message names the setting to change.
  Result<Done> listen();

  /// What is listened on, as `127.0.0.1:8080` or `[::1]:8080`, with the port the system chose.
  std::vector<std::string> addresses() const;
  std::vector<ListenAddress> bound() const;

  /// Starts the loops' threads and accepts. `router` and `observer` must outlive the server.
  void start(const Router& router, ExchangeObserver& observer);

  /// From now on every answer closes its connection and `draining()` is true; connections are
  /// still taken, so that a balancer that has not noticed yet gets answers.
  void announce_end();

  /// Takes what waits in the listeners' queues, closes them, and ends idle connections.
  void stop_listening();

  /// Ends every connection, whatever it does.
  void close_connections();

  /// Ends the loops and joins their threads.
  void stop();

  bool draining() const noexcept { return draining_.load(std::memory_order_relaxed); }
  std::size_t connections() const noexcept;
  std::size_t in_flight() const noexcept;

  /// Connections over the limit that found no quiet one to take the place of.
  std::uint64_t refused() const noexcept { return refused_.load(std::memory_order_relaxed); }

  /// Quiet connections that were ended for the sake of new ones.
  std::uint64_t evicted() const noexcept { return evicted_.load(std::memory_order_relaxed); }

  const MemoryBudget& memory() const noexcept { return memory_; }

  /// The loops, for what lives on one core. Never changes after construction.
  const std::vector<std::unique_ptr<Loop>>& loops() const noexcept { return loops_; }

 private:
  struct Listener;

  Result<Done> bind(const ListenAddress& address);
  bool listens_on_ipv4() const;
  void accept_later(Listener& listener);
  void accept_waiting(Listener& listener);
  void serve(Socket socket);
  void hand_over(Loop& loop, Socket socket, std::size_t to_ask);
  void take(Loop& loop, Socket socket, std::size_t to_ask);
  template <class Work>
  void unless_memory_ends(Loop& loop, Work work);
  bool makes_room(Loop& loop);
  void relieve_memory();
  static void close(Listener& listener);
  Loop& emptiest_loop() noexcept;
  Loop& next_loop() noexcept;

  ServerOptions options_;
  MemoryBudget memory_;
  std::optional<SessionContext> context_;  ///< since start
  std::vector<std::unique_ptr<Loop>> loops_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::vector<asio::executor_work_guard<asio::io_context::executor_type>> work_;
  std::vector<std::thread> threads_;
  std::atomic<bool> draining_{false};
  std::atomic<std::uint64_t> refused_{0};
  std::atomic<std::uint64_t> evicted_{0};
  std::size_t next_ = 0;  ///< on the first loop
};

}  // namespace ginnel::http
