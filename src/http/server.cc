// SPDX-License-Identifier: MIT
#include "http/server.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <exception>
#include <future>
#include <new>
#include <utility>

#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/operation_memory.h"
#include "base/thread.h"
#include "base/until_memory.h"

namespace ginnel::http {
namespace {

using namespace std::chrono_literals;
using asio::ip::tcp;

/// Connections that may wait to be accepted; the kernel cuts it to net.core.somaxconn.
constexpr int kBacklog = 4'096;

/// How long accepting rests when the process has no file descriptor left.
constexpr auto kAcceptRest = 100ms;

/// Connections over the limit that get one answer each, at the same time, where no quiet one can
/// make room; as many again may be on their way to a loop (config/process_limits.h keeps
/// descriptors for them).
constexpr std::size_t kReserve = 32;

/// The part of the connections that make room at once, so that looking for the quietest costs
/// little for each newcomer of a flood.
constexpr std::size_t kRoomPart = 64;

/// Connections taken in one go, so that those that are open are not kept waiting.
constexpr int kMaxAccepts = 64;

std::string to_text(const tcp::endpoint& endpoint) {
  const std::string host = endpoint.address().to_string();
  const std::string port = std::to_string(endpoint.port());
  return endpoint.address().is_v6() ? "[" + host + "]:" + port : host + ":" + port;
}

/// Runs `work` on the loop's thread and waits for it.
template <class Work>
void run_on(Loop& loop, Work work) {
  std::promise<void> done;
  until_memory([&] {
    asio::post(loop.context(), [&] {
      work();
      done.set_value();
    });
  });
  done.get_future().wait();
}

/// Has each loop do `work`, one after the other, on its own thread.
void run_on_each(const std::vector<std::unique_ptr<Loop>>& loops, void (Loop::*work)()) {
  for (const auto& loop : loops) {
    run_on(*loop, [&] { (*loop.*work)(); });
  }
}

}  // namespace

struct Server::Listener {
  explicit Listener(asio::io_context& context) : acceptor(context), rest(context) {}

  tcp::acceptor acceptor;
  asio::steady_timer rest;
  OperationMemory memory;  ///< of the wait for either
};

Server::Server(ServerOptions options)
    : options_(std::move(options)),
      memory_(options_.max_memory_bytes, [this] { relieve_memory(); }) {
  for (std::size_t core = 0; core < std::max<std::size_t>(options_.threads, 1); ++core) {
    loops_.push_back(std::make_unique<Loop>(core));
  }
}

Server::~Server() {
  if (!threads_.empty()) {
    std::terminate();  // a defect: whoever starts a server stops it
  }
}

Result<Done> Server::listen() {
  for (const ListenAddress& address : options_.listen) {
    auto bound = bind(address);
    if (!bound) {
      return bound;
    }
  }
  return Done();
}

Result<Done> Server::bind(const ListenAddress& address) {
  boost::system::error_code ec;
  const auto ip = asio::ip::make_address(address.host, ec);
  if (ec) {
    return Error(ErrorKind::kInvalid, "http.listen: " + address.host + " is not an IP address");
  }
  const tcp::endpoint endpoint(ip, address.port);
  auto listener = std::make_unique<Listener>(loops_.front()->context());
  tcp::acceptor& acceptor = listener->acceptor;
  try {
    acceptor.open(endpoint.protocol());
    acceptor.set_option(tcp::acceptor::reuse_address(true));
    if (ip.is_v6()) {
      // `[::]` serves IPv4 too, unless another address of the list does.
      acceptor.set_option(asio::ip::v6_only(!ip.is_unspecified() || listens_on_ipv4()));
    }
    acceptor.bind(endpoint);
    acceptor.listen(kBacklog);
    acceptor.native_non_blocking(true);
  } catch (const boost::system::system_error& error) {
    ec = error.code();
  }
  if (ec) {
    return Error(
        ErrorKind::kUnavailable,
        "cannot listen on " + to_text(endpoint) + ": " + ec.message() +
            (ec == asio::error::access_denied ? "; ginnel doctor names what allows it, or" : ";") +
            " choose another address with http.listen (--http.listen HOST:PORT or "
            "GINNEL_HTTP_LISTEN)");
  }
  listeners_.push_back(std::move(listener));
  return Done();
}

bool Server::listens_on_ipv4() const {
  return std::any_of(options_.listen.begin(), options_.listen.end(), [](const ListenAddress& one) {
    return one.host.find(':') == std::string::npos;
  });
}

std::vector<std::string> Server::addresses() const {
  std::vector<std::string> texts;
  for (const auto& listener : listeners_) {
    boost::system::error_code ignored;
    texts.push_back(to_text(listener->acceptor.local_endpoint(ignored)));
  }
  return texts;
}

std::vector<ListenAddress> Server::bound() const {
  std::vector<ListenAddress> addresses;
  for (const auto& listener : listeners_) {
    boost::system::error_code ignored;
    const auto endpoint = listener->acceptor.local_endpoint(ignored);
    addresses.push_back({endpoint.address().to_string(), endpoint.port()});
  }
  return addresses;
}

void Server::start(const Router& router, ExchangeObserver& observer) {
  context_.emplace(SessionContext{options_, router, observer, memory_});
  for (const auto& loop : loops_) {
    work_.push_back(asio::make_work_guard(loop->context()));
    loop->start();
  }
  for (const auto& listener : listeners_) {
    accept_later(*listener);
  }
  for (const auto& loop : loops_) {
    threads_.emplace_back([&context = loop->context()] {
      describe_thread("ginnel-loop", Standing::kFirst);
      context.run();
    });
  }
}

// Accepting: on the first loop
// ---------------------------------------------------------------------

void Server::accept_later(Listener& listener) {
  listener.acceptor.async_wait(
      tcp::acceptor::wait_read,
      listener.memory.bind([this, &listener](boost::system::error_code ec) {
        if (!ec) {
          accept_waiting(listener);
        }
      }));
}

void Server::accept_waiting(Listener& listener) {
  int error = 0;
  for (int taken = 0; taken < kMaxAccepts && error == 0; ++taken) {
    auto socket = Socket::accept(listener.acceptor.native_handle(), error);
    if (socket) {
      serve(std::move(*socket));
    }
  }
  const bool none_waits = error == 0 || error == EAGAIN || error == ECONNABORTED || error == EINTR;
  if (none_waits) {
    accept_later(listener);
    return;
  }
  // Out of descriptors or memory: rest, then go on.
  listener.rest.expires_after(kAcceptRest);
  try {
    listener.rest.async_wait(
        listener.memory.bind([this, &listener](const boost::system::error_code& ec) {
          if (!ec) {
            accept_later(listener);
          }
        }));
  } catch (const std::bad_alloc&) {
    accept_later(listener);  // no room in Asio's list of timers
  }
}

void Server::serve(Socket socket) {
  const std::size_t open = connections();
  if (open >= options_.max_connections + 2 * kReserve) {
    refused_.fetch_add(1, std::memory_order_relaxed);
    return;  // closed without a word: the loops cannot keep up
  }
  const bool full = open >= options_.max_connections;
  hand_over(full ? next_loop() : emptiest_loop(), std::move(socket), full ? loops_.size() : 0);
}

/// Gives a connection to `loop`, which has to make room for it when `to_ask`, the number of loops
/// that were not asked for that yet, is not 0.
void Server::hand_over(Loop& loop, Socket socket, std::size_t to_ask) {
  loop.expect_connection();
  unless_memory_ends(loop, [&] {
    asio::dispatch(loop.context(), [this, &loop, to_ask, taken = std::move(socket)]() mutable {
      unless_memory_ends(loop, [&] { take(loop, std::move(taken), to_ask); });
    });
  });
}

/// On the loop's thread.
void Server::take(Loop& loop, Socket socket, std::size_t to_ask) {
  const bool crowded = to_ask > 0 && !makes_room(loop);
  if (crowded && to_ask > 1) {
    loop.forget_connection();
    hand_over(*loops_[(loop.core() + 1) % loops_.size()], std::move(socket), to_ask - 1);
    return;
  }
  if (crowded) {
    refused_.fetch_add(1, std::memory_order_relaxed);
  }
  if (crowded && connections() > options_.max_connections + kReserve) {
    loop.forget_connection();
    return;
  }
  auto session = std::make_shared<Session>(loop, *context_, std::move(socket));
  if (loop.add(session) && crowded) {
    session->serve_once();
  }
}

/// A connection for which the system has no memory is closed, and counted no longer.
template <class Work>
void Server::unless_memory_ends(Loop& loop, Work work) {
  try {
    work();
  } catch (const std::bad_alloc&) {
    loop.forget_connection();
    refused_.fetch_add(1, std::memory_order_relaxed);
  }
}

/// Ends connections of this loop that only wait; gives whether the one that came is not one too
/// many now.
bool Server::makes_room(Loop& loop) {
  const std::size_t part = std::max<std::size_t>(options_.max_connections / kRoomPart, 1);
  const std::size_t open = connections();
  const std::size_t over = open - std::min(open, options_.max_connections);
  evicted_.fetch_add(loop.close_quiet(std::max(over, part)), std::memory_order_relaxed);
  return connections() <= options_.max_connections;
}

void Server::relieve_memory() {
  context_->observer.memory_used_up(memory_.limit());
  for (const auto& loop : loops_) {
    loop->relieve_later(memory_);
  }
}

/// Where newcomers take the place of others they do so in turn, so that those go who came first.
Loop& Server::next_loop() noexcept {
  next_ = (next_ + 1) % loops_.size();
  return *loops_[next_];
}

Loop& Server::emptiest_loop() noexcept {
  return **std::min_element(loops_.begin(), loops_.end(), [](const auto& a, const auto& b) {
    return a->connections() < b->connections();
  });
}

void Server::close(Listener& listener) {
  boost::system::error_code ignored;
  listener.acceptor.close(ignored);
  listener.rest.cancel();
}

// Ending
// -------------------------------------------------------------------------------------------

void Server::announce_end() {
  draining_.store(true, std::memory_order_relaxed);
  run_on_each(loops_, &Loop::close_after_answers);
}

void Server::stop_listening() {
  // A connection in the queue of a listener that closes is reset: those that wait now are taken
  // first, and no more, or clients that keep coming would hold the loop for as long as they come.
  run_on(*loops_.front(), [this] {
    for (const auto& listener : listeners_) {
      int error = 0;
      for (int taken = 0; taken < kBacklog && error == 0; ++taken) {
        if (auto socket = Socket::accept(listener->acceptor.native_handle(), error)) {
          serve(std::move(*socket));
        }
      }
      close(*listener);
    }
  });
  run_on_each(loops_, &Loop::drain);
}

void Server::close_connections() {
  run_on_each(loops_, &Loop::close_all);
}

void Server::stop() {
  if (threads_.empty()) {
    return;
  }
  run_on_each(loops_, &Loop::stop);
  run_on(*loops_.front(), [this] {
    for (const auto& listener : listeners_) {
      close(*listener);
    }
  });
  for (const auto& loop : loops_) {
    loop->context().stop();
  }
  for (std::thread& thread : threads_) {
    thread.join();
  }
  threads_.clear();
  work_.clear();
}

std::size_t Server::connections() const noexcept {
  std::size_t sum = 0;
  for (const auto& loop : loops_) {
    sum += loop->connections();
  }
  return sum;
}

std::size_t Server::in_flight() const noexcept {
  std::size_t sum = 0;
  for (const auto& loop : loops_) {
    sum += loop->in_flight();
  }
  return sum;
}

}  // namespace ginnel::http
