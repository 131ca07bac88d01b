// SPDX-License-Identifier: MIT
#include "http/server.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <exception>
#include <future>
#include <utility>

#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/thread.h"

namespace ginnel::http {
namespace {

using namespace std::chrono_literals;
using asio::ip::tcp;

/// Connections that may wait to be accepted; the kernel cuts it to net.core.somaxconn.
constexpr int kBacklog = 4'096;

/// How long accepting rests when the process has no file descriptor left.
constexpr auto kAcceptRest = 100ms;

/// Connections over the limit that are told so at the same time.
constexpr std::size_t kMaxRefusing = 16;

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
  asio::post(loop.context(), [&] {
    work();
    done.set_value();
  });
  done.get_future().wait();
}

}  // namespace

struct Server::Listener {
  explicit Listener(asio::io_context& context) : acceptor(context), rest(context) {}

  tcp::acceptor acceptor;
  asio::steady_timer rest;
};

Server::Server(ServerOptions options, const Router& router, ExchangeObserver& observer)
    : options_(std::move(options)), context_{options_, router, observer} {
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
  acceptor.open(endpoint.protocol(), ec);
  if (!ec) {
    acceptor.set_option(tcp::acceptor::reuse_address(true), ec);
  }
  if (!ec && ip.is_v6()) {
    // `[::]` serves IPv4 too, unless another address of the list does.
    acceptor.set_option(asio::ip::v6_only(!ip.is_unspecified() || listens_on_ipv4()), ec);
  }
  if (!ec) {
    acceptor.bind(endpoint, ec);
  }
  if (!ec) {
    acceptor.listen(kBacklog, ec);
  }
  if (!ec) {
    acceptor.native_non_blocking(true, ec);
  }
  if (ec) {
    return Error(ErrorKind::kUnavailable,
                 "cannot listen on " + to_text(endpoint) + ": " + ec.message() +
                     "; choose another address with http.listen (--http.listen HOST:PORT or "
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

void Server::start() {
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
  listener.acceptor.async_wait(tcp::acceptor::wait_read,
                               [this, &listener](const boost::system::error_code& ec) {
                                 if (!ec) {
                                   accept_waiting(listener);
                                 }
                               });
}

void Server::accept_waiting(Listener& listener) {
  int error = 0;
  for (int taken = 0; taken < kMaxAccepts && error == 0; ++taken) {
    auto socket = Socket::accept(listener.acceptor.native_handle(), error);
    if (socket) {
      serve(emptiest_loop(), std::move(*socket));
    }
  }
  const bool none_waits = error == 0 || error == EAGAIN || error == ECONNABORTED || error == EINTR;
  if (none_waits) {
    accept_later(listener);
    return;
  }
  // Out of descriptors or memory: rest, then go on.
  listener.rest.expires_after(kAcceptRest);
  listener.rest.async_wait([this, &listener](const boost::system::error_code& ec) {
    if (!ec) {
      accept_later(listener);
    }
  });
}

void Server::serve(Loop& loop, Socket socket) {
  const bool full = connections() >= options_.max_connections;
  if (full) {
    refused_.fetch_add(1, std::memory_order_relaxed);
  }
  if (connections() >= options_.max_connections + kMaxRefusing) {
    return;  // closed without a word: those that are told already take what descriptors are left
  }
  loop.expect_connection();
  asio::dispatch(loop.context(), [this, &loop, full, taken = std::move(socket)]() mutable {
    auto session = std::make_shared<Session>(loop, context_, std::move(taken));
    if (loop.add(session) && full) {
      session->refuse();
    }
  });
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
  for (const auto& loop : loops_) {
    run_on(*loop, [&] { loop->close_after_answers(); });
  }
}

void Server::stop_listening() {
  // A connection in the queue of a listener that closes is reset: they are taken first.
  run_on(*loops_.front(), [this] {
    for (const auto& listener : listeners_) {
      int error = 0;
      while (auto socket = Socket::accept(listener->acceptor.native_handle(), error)) {
        serve(emptiest_loop(), std::move(*socket));
      }
      close(*listener);
    }
  });
  for (const auto& loop : loops_) {
    run_on(*loop, [&] { loop->drain(); });
  }
}

void Server::close_connections() {
  for (const auto& loop : loops_) {
    run_on(*loop, [&] { loop->close_all(); });
  }
}

void Server::stop() {
  if (threads_.empty()) {
    return;
  }
  for (const auto& loop : loops_) {
    run_on(*loop, [&] { loop->stop(); });
  }
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
